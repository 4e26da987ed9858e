"use strict";
// What Pulumi loads when the pack is started from this folder. It would compile every file again at each start, and check its types.
require("../scripts/register.cjs");
module.exports = require("./index.ts");
