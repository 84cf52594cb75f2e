#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// The thread that calls, as a number.
func currentThread() -> UInt {
  #if canImport(Darwin)
    unsafe UInt(bitPattern: pthread_self())
  #else
    UInt(pthread_self())
  #endif
}

/// Cancels the task that calls.
func cancelCallingTask() { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }

/// Stops the calling thread for a moment of real time.
func pauseThread(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
