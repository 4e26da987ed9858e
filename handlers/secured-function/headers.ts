/** Headers of requests and answers, which the component lets through. */

/**
 * Carries `Bearer <access token>`. Not `authorization`, which CloudFront replaces with its own signature.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
 */
export const TOKEN_HEADER = "x-authorization";
/** Carries the secret of CloudFront to a function URL that is open otherwise. */
export const SECRET_HEADER = "x-origin-secret";
/** Carries the access token to the site that sent a code, for its next requests. */
export const ACCESS_TOKEN_HEADER = "x-access-token";
