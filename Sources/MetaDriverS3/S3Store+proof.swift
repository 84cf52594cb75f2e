#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Whether the server does what conditional requests ask of it: seen, not believed.
  extension S3Store {
    /// How the server answered a conditional request.
    private enum Answer {
      case done, refused
      /// It does not know such requests, or fails for a reason of its own.
      case other(String)

      var text: String {
        switch self {
        case .done: "did it"
        case .refused: "refused it"
        case .other(let text): "answered \(text)"
        }
      }
    }

    /// Makes sure that the server bears what the driver relies on.
    ///
    /// - Throws: `unsupported` when it does not, saying what it did.
    func proven(in context: Context) async throws(DriverError) -> ConditionProof {
      let known: ConditionProof
      if let proof { known = proof } else { known = try await prove(in: context) }
      guard known.bears(setting.conditions) else {
        throw DriverError(
          .unsupported,
          "the server at \(try place.get().endpoint) cannot be relied on for conditional requests, \(known.fault): "
            + "leave conditions unused, or ask the driver for what the server deserves with proven(in:)")
      }
      return known
    }

    /// Puts the server to the proof with an object of its own, which is removed again.
    ///
    /// - Throws: What kept it from finding out; that proves nothing, and is not remembered.
    func prove(in context: Context) async throws(DriverError) -> ConditionProof {
      let number = context.runtime.withRandom { UInt64.random(in: 0...UInt64.max, using: &$0) }
      let name = try place.get().prefix + "probe/\(String(number, radix: 16))"
      do throws(DriverError) {
        let proof = try await prove(name, in: context)
        _ = try await remove(object: name, "removal of a probe", in: context)
        self.proof = proof
        return proof
      } catch {
        let aside = Context(
          context.runtime, options: CallOptions(timeout: .seconds(30), credentials: context.credentials))
        context.runtime.start { _ = try? await self.remove(object: name, "removal of a probe", in: aside) }
        throw error.with(effect: .unchanged)
      }
    }

    private func prove(_ name: String, in context: Context) async throws(DriverError) -> ConditionProof {
      var proof = ConditionProof()
      func fails(_ what: String, _ answer: Answer) -> ConditionProof {
        proof.fault = "which \(answer.text) when asked to \(what)"
        return proof
      }
      let (created, tag) = try await probe("PUT", name, "if-none-match", "*", [1], context)
      guard case .done = created else { return fails("create an object if there is none", created) }
      let (again, _) = try await probe("PUT", name, "if-none-match", "*", [2], context)
      guard case .refused = again else { return fails("create an object where there is one", again) }
      let wrong = "\"00000000000000000000000000000000\""
      for wrong in [wrong, unquoted(wrong)] {
        let (other, _) = try await probe("PUT", name, "if-match", wrong, [3], context)
        guard case .refused = other else { return fails("replace an object if it is one that it is not", other) }
      }
      var (matched, next) = try await probe("PUT", name, "if-match", tag, [4], context)
      if case .refused = matched {
        proof.quotesTags = false
        (matched, next) = try await probe("PUT", name, "if-match", unquoted(tag), [4], context)
      }
      guard case .done = matched else { return fails("replace an object if it is what it is", matched) }
      proof.puts = true
      let written = proof.quotesTags ? next : unquoted(next)
      let (late, _) = try await probe("PUT", name, "if-match", proof.quotesTags ? tag : unquoted(tag), [5], context)
      guard case .refused = late else {
        proof.puts = false
        return fails("replace an object if it is what it was before", late)
      }
      let (missed, _) = try await probe(
        "DELETE", name, "if-match", proof.quotesTags ? wrong : unquoted(wrong), nil, context)
      guard case .refused = missed else { return fails("delete an object if it is one that it is not", missed) }
      let (removed, _) = try await probe("DELETE", name, "if-match", written, nil, context)
      guard case .done = removed else { return fails("delete an object if it is what it is", removed) }
      proof.deletes = true
      return proof
    }

    private func unquoted(_ tag: String) -> String { String(tag.drop { $0 == "\"" }.prefix { $0 != "\"" }) }

    private func probe(
      _ method: String, _ name: String, _ field: String, _ value: String, _ body: [UInt8]?, _ context: Context
    ) async throws(DriverError) -> (Answer, tag: String) {
      let response = try await send(
        Request(method: method, object: name, headers: [(field, value)], body: body?[...], isRead: false), in: context)
      let tag = response.headers["ETag"] ?? ""
      let failure = S3Failure(response)
      if response.isSuccess {
        if body != nil { try checkIsObject(response, "a probe", isRead: false) }
        return (.done, tag)
      }
      if response.status == 412 { return (.refused, tag) }
      if response.status == 501 || response.status == 400 || response.status == 405 || response.status == 409 {
        // Not a word about keys and regions, which would not be a matter of conditions.
        let error = failure.error("a probe", response, at: try place.get(), isRead: false, on: context.runtime)
        if error.code != .denied {
          return (.other("status \(response.status)\(failure.code.map { ", \($0)" } ?? "")"), tag)
        }
      }
      throw failure.error("a probe", response, at: try place.get(), isRead: false, on: context.runtime)
    }
  }
#endif
