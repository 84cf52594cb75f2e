// What Swift cannot call: the setters and getters of libcurl take a variable number of arguments.
#pragma once
#include <curl/curl.h>

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
