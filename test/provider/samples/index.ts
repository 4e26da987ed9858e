import { compute } from "./compute";
import { data } from "./data";
import { edge } from "./edge";
import { events } from "./events";
import { inspector } from "./inspector";
import { operations } from "./operations";
import type { Samples } from "./sample";

export const SAMPLES: Samples = { ...compute, ...data, ...edge, ...events, ...inspector, ...operations };
