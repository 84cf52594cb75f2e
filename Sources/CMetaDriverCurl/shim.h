// What Swift cannot call: the setters and getters of libcurl take a variable number of arguments.
#pragma once
#include <curl/curl.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>

#if LIBCURL_VERSION_NUM < 0x075000
#error "MetaDriver's HTTP trait needs libcurl 7.80 or later, which tells what it is connected to before it sends"
#endif

static inline CURLcode metadriver_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode metadriver_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode metadriver_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode metadriver_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
typedef size_t (*metadriver_transfer)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode metadriver_set_transfer(CURL *handle, CURLoption option, metadriver_transfer function) {
  return curl_easy_setopt(handle, option, function);
}
typedef int (*metadriver_prerequest)(void *context, char *address, char *local, int port, int local_port);
static inline CURLcode metadriver_set_prerequest(CURL *handle, metadriver_prerequest function) {
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, function);
}
typedef int (*metadriver_seek)(void *context, curl_off_t offset, int origin);
static inline CURLcode metadriver_set_seek(CURL *handle, metadriver_seek function) {
  return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, function);
}
typedef curl_socket_t (*metadriver_open)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
static inline CURLcode metadriver_set_open(CURL *handle, metadriver_open function) {
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, function);
}
// Writes the numeric address, of at most NI_MAXHOST bytes. Returns the port; negative when that fails.
static inline int metadriver_describe(struct curl_sockaddr *address, char *text) {
  char port[NI_MAXSERV];
  int failed = getnameinfo(
      &address->addr, address->addrlen, text, NI_MAXHOST, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
  return failed ? -1 : atoi(port);
}
// A socket that programs which are started do not inherit.
static inline curl_socket_t metadriver_socket(struct curl_sockaddr *address) {
#ifdef SOCK_CLOEXEC
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  int descriptor = socket(address->family, address->socktype, address->protocol);
  if (descriptor >= 0) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
#endif
}
// Only http and https, whatever else the library was built with.
static inline void metadriver_restrict_protocols(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}
// Without it, removing a transfer whose host's name is being resolved waits for the resolver.
static inline void metadriver_never_wait_for_resolver(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#endif
}
static inline CURLcode metadriver_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode metadriver_get_text(CURL *handle, CURLINFO info, const char **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode metadriver_get_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode metadriver_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
// Of a message, what a transfer ended with: a union, which Swift sees differently from one compiler to the next.
static inline CURLcode metadriver_result(const CURLMsg *message) { return message->data.result; }
