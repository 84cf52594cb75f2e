#if SQLite
  public import MetaDriver
#endif
