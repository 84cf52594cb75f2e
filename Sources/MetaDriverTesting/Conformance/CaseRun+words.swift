import MetaDriver

/// How findings speak of records and replies.
extension CaseRun {
  func show(_ record: Record?) -> String {
    guard let record else { return "nothing" }
    var text = "\(record.bytes.count) bytes"
    if record.bytes.count == 1 { text = "1 byte" }
    if record.isTombstone { text = "a tombstone of \(text)" }
    if !record.bytes.isEmpty, record.bytes.count <= 8 {
      text += " (\(record.bytes.map { String($0, radix: 16) }.joined(separator: " ")))"
    }
    if let stamp = record.stamp { text += ", stamp \(stamp)" }
    if let parent = record.parent { text += ", parent \(parent)" }
    return text
  }

  func show(_ reply: Result<Record?, DriverError>) -> String {
    switch reply {
    case .success(let record): show(record)
    case .failure(let error): "\(error)"
    }
  }

  func show(_ reply: Result<Receipt, DriverError>) -> String {
    switch reply {
    case .success(let receipt): "\(receipt.result)"
    case .failure(let error): "\(error), effect \(error.effect)"
    }
  }

  func show(_ stat: Stat?) -> String {
    guard let stat else { return "nothing" }
    return "\(stat.byteCount) bytes" + (stat.stamp.map { ", stamp \($0)" } ?? "")
      + (stat.isTombstone ? ", a tombstone" : "")
  }

  func show(_ reply: Result<Stat?, DriverError>) -> String {
    switch reply {
    case .success(let stat): show(stat)
    case .failure(let error): "\(error)"
    }
  }

  func show(_ reply: Result<Void, DriverError>) -> String {
    switch reply {
    case .success: "success"
    case .failure(let error): "\(error)"
    }
  }

  /// What a reply is, and where its bytes leave those expected.
  func difference(_ reply: Result<Record?, DriverError>, from record: Record?) -> String {
    let text = show(reply)
    guard case .success(let seen?) = reply, let record, seen.bytes != record.bytes, !seen.bytes.isEmpty else {
      return text
    }
    let place = zip(seen.bytes, record.bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    if let place { return "\(text), different from byte \(place) on" }
    return text + (seen.bytes.count < record.bytes.count ? ", the first of them" : ", all of them and more behind")
  }
}
