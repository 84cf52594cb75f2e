"""Makes a bucket at an S3 server that one of the folders of Tests/servers describes."""

import datetime
import hashlib
import hmac
import sys
import urllib.request


def fact(word):
    with open(f"{sys.argv[1]}/{word}") as file:
        return file.read().strip()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


url, path, region = fact("url"), "/" + fact("bucket"), fact("region")
host = url.split("//")[1]
time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
empty = hashlib.sha256(b"").hexdigest()
scope = f"{time[:8]}/{region}/s3/aws4_request"
names = "host;x-amz-content-sha256;x-amz-date"
request = f"PUT\n{path}\n\nhost:{host}\nx-amz-content-sha256:{empty}\nx-amz-date:{time}\n\n{names}\n{empty}"
key = ("AWS4" + fact("secret")).encode()
for part in (time[:8], region, "s3", "aws4_request"):
    key = mac(key, part)
text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
signature = mac(key, text).hex()
urllib.request.urlopen(
    urllib.request.Request(
        url + path, method="PUT",
        headers={
            "x-amz-date": time, "x-amz-content-sha256": empty,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={fact('key')}/{scope}, SignedHeaders={names}, "
                             f"Signature={signature}",
        }), timeout=60)
