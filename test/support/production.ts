/** React as it is in Lambda, for all tests: it looks once, when it is loaded. */
process.env["NODE_ENV"] ??= "production";
