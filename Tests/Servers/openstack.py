"""Describes an OpenStack Swift of one proxy and three storage nodes in a folder, and makes a bucket in it."""

import os
import sys

from swift.common.ring import RingBuilder

# However busy the machine is, no node is given up that is there: replies would tell of fewer copies, and listings of
# fewer objects. One that is dead refuses connections.
PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {place}
log_level = WARNING
[pipeline:main]
pipeline = catch_errors healthcheck cache s3api tempauth copy bulk slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
node_timeout = 600
conn_timeout = 600
recoverable_node_timeout = 600
post_quorum_timeout = 600
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing/4711 .admin
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:copy]
use = egg:swift#copy
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
min_segment_size = 1
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
[filter:symlink]
use = egg:swift#symlink
"""

INTERNAL = """[DEFAULT]
swift_dir = {place}
[pipeline:main]
pipeline = catch_errors cache proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:catch_errors]
use = egg:swift#catch_errors
"""

STORAGE = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {place}
devices = {node}/devices
mount_check = false
disable_fallocate = true
node_timeout = 600
conn_timeout = 600
container_update_timeout = 600
log_level = WARNING
[pipeline:main]
pipeline = healthcheck {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
[filter:healthcheck]
use = egg:swift#healthcheck
"""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def describe(place, ports):
    write(f"{place}/swift.conf", "[swift-hash]\nswift_hash_path_suffix = metadriver\nswift_hash_path_prefix = tests\n")
    for offset, kind in enumerate(("account", "container", "object")):
        builder = RingBuilder(4, 3, 0)
        for number in (1, 2, 3):
            node, port = f"{place}/node-{number}", ports[1 + 3 * (number - 1) + offset]
            os.makedirs(f"{node}/devices/disk{number}", exist_ok=True)
            write(f"{node}/{kind}.conf", STORAGE.format(port=port, place=place, node=node, kind=kind))
            builder.add_dev(
                {"region": 1, "zone": number, "ip": "127.0.0.1", "port": int(port), "device": f"disk{number}",
                 "weight": 1.0})
        builder.rebalance(seed=1)
        builder.get_ring().save(f"{place}/{kind}.ring.gz")
    write(f"{place}/proxy.conf", PROXY.format(port=ports[0], place=place))
    write(f"{place}/internal.conf", INTERNAL.format(place=place))


def bucket(place):
    from swift.common.internal_client import InternalClient
    from swift.common.utils import set_swift_dir
    set_swift_dir(place)
    client = InternalClient(f"{place}/internal.conf", "tests", 3)
    client.create_container("AUTH_test", "bucket")


if sys.argv[1] == "describe":
    describe(sys.argv[2], sys.argv[3:])
else:
    bucket(sys.argv[2])
