#if HTTP
  public import MetaDriver
#endif
