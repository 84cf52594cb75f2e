import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Control-C: the files under way are finished, no other is begun, and the summary is printed. A second one ends the
/// process at once, which leaves no torn file either.
enum Interruption {
  private static let flag = Atomic(false)

  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  static func watch() {
    // Made here, because a signal handler may not make it.
    flag.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.flag.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}

/// Does something with every item, with so many at once: the waits for the devices overlap, and memory stays bounded.
func forEach<Item: Sendable>(
  _ items: some Sequence<Item>, atOnce width: Int, _ body: @escaping @Sendable (Item) async -> Void
) async {
  await withTaskGroup(of: Void.self) { group in
    for (index, item) in items.enumerated() {
      if index >= width { await group.next() }
      if Interruption.isRequested { break }
      group.addTask { await body(item) }
    }
  }
}
