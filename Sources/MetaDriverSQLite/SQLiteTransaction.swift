#if SQLite
  import MetaDriver

  /// How several writes went that were one transaction.
  enum SQLiteTransaction {
    /// Each has its verdict, and what was changed is committed.
    case ended([Result<Receipt, DriverError>])
    /// Others are in the way; nothing was changed.
    case busy
    /// The store is not there any more; nothing was changed.
    case lost(DriverError)
    /// The library failed, and may have changed something or not.
    case failed(SQLiteFailure, effect: DriverError.Effect)
  }

  extension SQLiteConnection {
    /// Carries out writes in one transaction.
    ///
    /// - Parameters:
    ///   - isDurable: Whether an acknowledgement says that the device has it. Then one for what was stored already waits
    ///     for the device too, since its writer may have died before it did.
    ///   - confirm: Throws when the file is not the store's any more; called when nobody else can write.
    func transact(
      _ writes: [SQLiteWrite], isDurable: Bool, confirming confirm: () throws(DriverError) -> Void
    ) -> SQLiteTransaction {
      do throws(SQLiteFailure) { try run(.begin) } catch {
        return error.isBusy ? .busy : .failed(error, effect: .unchanged)
      }
      do throws(DriverError) { try confirm() } catch {
        rollBack()
        return .lost(error)
      }
      var verdicts: [Result<Receipt, DriverError>] = []
      do throws(SQLiteFailure) {
        for write in writes { verdicts.append(try write.perform(on: self)) }
      } catch {
        rollBack()
        return .failed(error, effect: .unchanged)
      }
      do throws(SQLiteFailure) {
        let before = commitCount
        try run(.commit)
        // Nothing had to be written, not even over an equal copy: nothing has waited for the device either.
        if isDurable, commitCount == before, verdicts.contains(where: \.isSuccess) { try run(.touch) }
      } catch {
        rollBack()
        return .failed(error, effect: error.effectOfCommit)
      }
      return .ended(verdicts)
    }

    /// Carries out a write in one statement, if that is possible.
    ///
    /// - Returns: How it went; `nil` when it takes a transaction.
    func transactAtOnce(_ write: SQLiteWrite, confirming confirm: () throws(DriverError) -> Void) -> SQLiteTransaction?
    {
      do throws(DriverError) { try confirm() } catch { return .lost(error) }
      do throws(SQLiteFailure) {
        return try write.performAtOnce(on: self).map { .ended([.success($0)]) }
      } catch {
        return error.isBusy ? .busy : .failed(error, effect: error.effectOfCommit)
      }
    }

    /// Ends a transaction without a trace. The library has done so already after some failures, and refuses then.
    private func rollBack() { try? run(.rollback) }
  }

  extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
  }
#endif
