import type { Rule } from "../../components/internal/argument-checks";
import { checkWavelengthDns } from "../../components/wavelength-dns/checks";
import { FORMATS } from "../../components/wavelength-dns/formats";
import { WavelengthDns, type WavelengthDnsArgs } from "../../components/wavelength-dns/wavelength-dns";
import type { Account } from "../account";
import type { Pattern } from "../pattern";

/** Zones are in the account's region. */
function zonesOf({ region }: Account): Rule<WavelengthDnsArgs> {
  return (checks, { fleet }) =>
    checks.each("zones" in fleet ? fleet.zones : [], ({ name }, i) => {
      const path = `fleet.zones[${i}].name`;
      checks.require(!checks.isRight(path) || name.startsWith(`${region}-`), {
        path,
        received: name,
        allowed: `a Wavelength zone of the account's region ${region}`,
        fix: "Choose a zone of that region, or another account or region.",
      });
    });
}

export const wavelengthDns: Pattern<WavelengthDnsArgs> = {
  formats: FORMATS,
  ownTags: ["Name"],
  check: (args, account) => checkWavelengthDns(args, ...(account === undefined ? [] : [zonesOf(account)])).found(),
  deploy(name, args, opts) {
    const component = new WavelengthDns(name, args, opts);
    return {
      recordName: component.recordName,
      hostedZoneId: component.hostedZoneId,
      autoScalingGroupName: component.autoScalingGroupName,
      dashboardName: component.dashboardName,
      eventQueueUrl: component.registrar.events.queue.url,
      deadLetterQueueUrl: component.registrar.events.deadLetters.queue.url,
      drainQueueUrl: component.registrar.drain.queue.url,
      repairScheduleName: component.registrar.repairScheduleName,
    };
  },
};
