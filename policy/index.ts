import { PolicyPack } from "@pulumi/policy";
import { PACK_NAME, packArguments } from "./pack";

new PolicyPack(PACK_NAME, packArguments());
