/** Memory and processor time of a process and of all that it starts, while it runs. */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

export interface Usage {
  /** Peak of the Pulumi program's own process: resident memory. */
  readonly programBytes: number;
  /** Peak of all processes together; what they share is counted once where the system tells (Linux). */
  readonly treeBytes: number;
  /** Processor time of all processes together: it depends less than time on what else the machine does. */
  readonly cpuSeconds: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** A process at a moment. */
interface Sample extends Process {
  readonly bytes: number;
  readonly cpuSeconds: number;
  /** Of a Pulumi program: its own peak so far. Of others: 0. */
  readonly programBytes: number;
}

const INTERVAL_MS = 250;
/** How Pulumi's language host starts a program. */
const PROGRAM = /@pulumi\/pulumi\/cmd\/run/;

/** Watches the tree below (and with) `root` until `ended`. */
export async function watchProcesses(root: number, ended: Promise<unknown>): Promise<Usage> {
  const samples = process.platform === "linux" ? linux : posix;
  const cpuSeconds = new Map<number, number>();
  let programBytes = 0;
  let treeBytes = 0;
  let running = true;
  void ended.catch(() => undefined).finally(() => (running = false));
  while (running) {
    const tree = await samples(root);
    for (const sample of tree) {
      // A process that is just going has nothing more to tell.
      cpuSeconds.set(sample.pid, Math.max(cpuSeconds.get(sample.pid) ?? 0, sample.cpuSeconds));
      programBytes = Math.max(programBytes, sample.programBytes);
    }
    treeBytes = Math.max(treeBytes, sum(tree.map(({ bytes }) => bytes)));
    await Promise.race([sleep(INTERVAL_MS), ended.catch(() => undefined)]);
  }
  return { programBytes, treeBytes, cpuSeconds: sum([...cpuSeconds.values()]) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function treeOf<Member extends Process>(root: number, processes: readonly Member[]): Member[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}

/** Text of a file under /proc; empty when its process is gone. */
async function procFile(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}

function kilobytes(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
}

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

async function linux(root: number): Promise<Sample[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const processes = await Promise.all(
    pids.map(async (pid) => {
      // The command's name, in parentheses, may hold anything.
      const stat = await procFile(pid, "stat");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
      return { pid, parent, cpuSeconds: (user + system) / TICKS || 0 };
    }),
  );
  return Promise.all(
    treeOf(root, processes).map(async (each) => {
      const isProgram = PROGRAM.test(await procFile(each.pid, "cmdline"));
      return {
        ...each,
        bytes: kilobytes(await procFile(each.pid, "smaps_rollup"), "Pss"),
        programBytes: isProgram ? kilobytes(await procFile(each.pid, "status"), "VmHWM") : 0,
      };
    }),
  );
}

/** "1:02:03.45" and "2:03" as seconds. */
function secondsOf(time: string): number {
  return time.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

async function posix(root: number): Promise<Sample[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid=,rss=,time=,command="]);
  const processes = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, rss, time = "", command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+([\d:.]+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    const bytes = Number(rss) * 1024;
    const programBytes = PROGRAM.test(command) ? bytes : 0;
    return [{ pid: Number(pid), parent: Number(parent), bytes, programBytes, cpuSeconds: secondsOf(time) }];
  });
  return treeOf(root, processes);
}
