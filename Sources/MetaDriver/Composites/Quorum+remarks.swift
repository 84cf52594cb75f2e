extension Quorum {
  /// What is wrong or doubtful with the way a node was composed.
  static func remarks(
    _ children: Children, read: Int, write: Int, sloppy: Bool, remainder: Remainder
  ) -> [Remark] {
    let count = children.count
    guard count > 0 else { return [.emptyComposite] }
    var remarks: [Remark] = []
    for (name, size, able, capability) in [
      ("read", read, children.indices(having: .get).count, "get"),
      ("write", write, children.indices(having: .put).count, "put"),
    ] {
      if !(1...count).contains(size) {
        remarks.append(
          Remark(.error, "\(name): \(size) is no size for a quorum of \(count) children", mend: "Ask for 1 to \(count)")
        )
      } else if size > able, able > 0 {
        remarks.append(
          Remark(
            .error, "\(name): \(size) can never be met: only \(able) of \(count) children can \(capability)",
            mend: "Ask for at most \(able), or add children that can \(capability)"))
      }
    }
    if remarks.isEmpty, read + write <= count, !sloppy {
      remarks.append(
        Remark(
          .error,
          "read \(read) + write \(write) is not more than \(count) children: a read can miss an acknowledged write",
          mend: "Raise one of them by \(count - read - write + 1), or say sloppy: true if missing writes is acceptable")
      )
    }
    for index in children.indices
    where children.outlines[index].marks.contains(.required) && !children.outlines[index].capabilities.contains(.put) {
      remarks.append(
        Remark(.error, "\(children.labels[index]) cannot put, and it is required", mend: "Make another child required"))
    }
    if write == 1, count > 1, remainder == .background {
      remarks.append(
        Remark(
          .warning,
          "a write holds with one copy, and the others are written in the background: they are lost if the process ends",
          mend: "Say write: 2 or remainder: .await, or call drain() before the process ends"))
    }
    if let journal = remainder.journal {
      remarks += Remark.handoff(to: journal, for: Array(zip(children.labels, children.outlines)))
    }
    return remarks
  }
}
