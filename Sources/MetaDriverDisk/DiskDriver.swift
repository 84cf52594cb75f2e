import MetaDriver
