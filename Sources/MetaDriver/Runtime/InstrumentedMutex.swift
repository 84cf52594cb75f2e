#if SANITIZE_THREAD
  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// A mutex that the thread sanitizer sees.
  ///
  /// On Linux the standard library's own is made of calls that the sanitizer does not follow, so that everything a mutex
  /// guards looks like a race. A build for the sanitizer puts this one in its place, in every module of the package.
  package struct InstrumentedMutex<Value>: ~Copyable, @unchecked Sendable {
    @safe private final class Storage {
      // Behind a pointer: the sanitizer takes the change of a property for a change of the whole object.
      let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)
      let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

      init(_ value: Value) {
        unsafe self.value.initialize(to: value)
        let result = unsafe pthread_mutex_init(lock, nil)
        precondition(result == 0, "pthread_mutex_init failed with \(result)")
      }

      deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe pthread_mutex_destroy(lock)
        unsafe lock.deallocate()
      }
    }

    private let storage: Storage

    package init(_ value: sending Value) { storage = Storage(value) }

    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      unsafe pthread_mutex_lock(storage.lock)
      defer { unsafe pthread_mutex_unlock(storage.lock) }
      return try unsafe body(&storage.value.pointee)
    }

    package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
      guard unsafe pthread_mutex_trylock(storage.lock) == 0 else { return nil }
      defer { unsafe pthread_mutex_unlock(storage.lock) }
      return try unsafe body(&storage.value.pointee)
    }
  }

  typealias Mutex = InstrumentedMutex
#endif
