#if HTTP
  import MetaDriver

  /// One page of a bucket's objects, as `ListObjectsV2` answers. Pure.
  struct S3Page: Equatable {
    /// One object.
    struct Object: Equatable {
      var name: String
      var byteCount: Int
    }

    var objects: [Object] = []
    /// Whether there are more.
    var isTruncated = false
    /// With what a server lets the listing go on, where it says that.
    var token: String?

    /// Reads a reply; `nil` when it is no such document.
    init?(_ bytes: [UInt8]) {
      guard let document = S3Document.read(bytes), document.name == "ListBucketResult" else { return nil }
      switch document["IsTruncated"] {
      case "true": isTruncated = true
      case "false": isTruncated = false
      default: return nil
      }
      token = document["NextContinuationToken"].flatMap { $0.isEmpty ? nil : $0 }
      for element in document.all("Contents") {
        guard let name = element.first("Key")?.text, let size = element["Size"].flatMap({ Int($0) }), size >= 0 else {
          return nil
        }
        objects.append(Object(name: name, byteCount: size))
      }
    }

    /// Whether the page is what was asked for: names in order, behind a name, with a prefix. Out of order, the next page
    /// would leave out what belongs before it.
    func isInOrder(after: String?, prefix: String) -> Bool {
      var last = after.map { Array($0.utf8) } ?? []
      for object in objects {
        let name = Array(object.name.utf8)
        guard name.starts(with: prefix.utf8), last.lexicographicallyPrecedes(name) else { return false }
        last = name
      }
      return true
    }
  }
#endif
