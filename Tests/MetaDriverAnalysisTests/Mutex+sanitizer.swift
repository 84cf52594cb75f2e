#if SANITIZE_THREAD
  import MetaDriver

  typealias Mutex = InstrumentedMutex
#endif
