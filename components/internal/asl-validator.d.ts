/** asl-validator has no types of its own. */
declare module "asl-validator" {
  interface DefinitionError {
    readonly "Error code": string;
    readonly Message: string;
    readonly schemaError?: { readonly instancePath: string; readonly message?: string; readonly keyword?: string };
  }
  function validate(
    definition: object,
    options?: { checkPaths?: boolean; checkArn?: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly DefinitionError[] };
  export = validate;
}
