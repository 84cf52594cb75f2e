import MetaDriver
import MetaDriverTesting

extension KnownStrategy {
  private static let three = Array(clouds.prefix(3))

  /// A dozen of them.
  static let dozen: [KnownStrategy] = [
    KnownStrategy(name: "one store", stores: [eu]) { $0[0] },
    KnownStrategy(name: "primary and backup", stores: [eu, us]) { leaves in FirstSuccess { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "mirror, read in order", stores: [eu, us]) { leaves in
      Replicated { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "mirror, read in a race", stores: [eu, us]) { leaves in
      Replicated(reads: .race) { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "own disk, cloud required", stores: [eu, us], own: disk) { leaves in
      Replicated(writes: .atLeast(2), reads: .localFirst) {
        leaves[2].localOnly()
        leaves[0].required()
        leaves[1]
      }
    },
    KnownStrategy(name: "loose copies", stores: three) { leaves in
      Quorum(read: 1, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "session over loose copies", stores: three) { leaves in
      MonotonicReads { ReadYourWrites { Replicated(writes: .atLeast(1)) { for leaf in leaves { leaf } } } }
    },
    KnownStrategy(name: "read one, write all", stores: three) { leaves in
      Quorum(read: 1, write: .all) { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "majority of three", stores: three) { leaves in Quorum { for leaf in leaves { leaf } } },
    KnownStrategy(name: "majority of five", stores: clouds) { leaves in Quorum { for leaf in leaves { leaf } } },
    KnownStrategy(name: "atomic majority", stores: three) { leaves in
      Quorum(reads: .atomic, writers: .many) { for leaf in leaves { leaf } }
    },
    KnownStrategy(name: "majority of majorities", stores: clouds) { leaves in
      Quorum {
        Quorum { for leaf in leaves.prefix(3) { leaf } }
        for leaf in leaves.dropFirst(3) { leaf }
      }
    },
  ]
}
