/** The file that messages about unmapped properties name. */
export const FILE = "local/provider/services/cloudwatch.ts";
