#if HTTP
  import MetaDriver

  /// The tokens that etcd gave out, by user. Pure, and bounded: beyond the limit, the user who came first authenticates anew.
  struct EtcdTokens {
    /// Who a token is for.
    struct User: Hashable, Sendable {
      let name: String
      let password: String
    }

    static let limit = 64

    private var tokens: [User: Secret?] = [:]
    private var order: [User] = []

    /// The user's token, which is `nil` in a cluster without users; the outer `nil` before the user was authenticated.
    subscript(_ user: User) -> Secret?? { tokens[user] }

    mutating func keep(_ token: Secret?, of user: User) {
      if tokens.updateValue(token, forKey: user) == nil { order.append(user) }
      if order.count > Self.limit { tokens[order.removeFirst()] = nil }
    }

    /// Forgets a token that etcd does not take any more, unless somebody got a new one meanwhile.
    mutating func forget(_ token: Secret?, of user: User) {
      guard let known = tokens[user], known?.value == token?.value else { return }
      tokens[user] = nil
      order.removeAll { $0 == user }
    }
  }
#endif
