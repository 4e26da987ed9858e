"""
Adds: what is missing in a bucket is not found (404) for a distribution that may list the bucket, instead of forbidden.
Follows: S3 API Reference, GetObject, "Permissions".
Delete when: the emulator asks the bucket's policy for s3:ListBucket, too.
"""

from ministack.services import s3

from .permissions import policy_problem


def install():
    serve = s3.serve_cloudfront_origin_fetch

    def serve_or_not_found(bucket, key, method, headers, source_arn="", oai_id=""):
        answer = serve(bucket, key, method, headers, source_arn=source_arn, oai_id=oai_id)
        found = s3._ensure_bucket(bucket)
        if answer[0] != 403 or not source_arn or found is None or key in found["objects"]:
            return answer
        policy = s3._bucket_policies.get_scoped(s3._bucket_owner_account(bucket), None, bucket)
        if policy_problem(policy, "cloudfront.amazonaws.com", "s3:ListBucket", f"arn:aws:s3:::{bucket}", source_arn):
            return answer
        return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket}/{key}")

    s3.serve_cloudfront_origin_fetch = serve_or_not_found
