/** React as it is in Lambda; it looks once, when it is loaded. Import this before anything that renders. */
process.env["NODE_ENV"] ??= "production";
