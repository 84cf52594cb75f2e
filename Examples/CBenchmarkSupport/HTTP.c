#ifdef BENCHMARK_HTTP

#include "CBenchmarkSupport.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct benchmark_http {
  CURLM *multi;
  CURL *handles[256];
  // Of each handle, which of its requests is under way.
  int steps[256];
  int count;
};

struct reply {
  char *bytes;
  size_t count, capacity;
};

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  struct reply *reply = context;
  count *= size;
  if (reply->count + count > reply->capacity) {
    reply->capacity = 2 * (reply->count + count);
    reply->bytes = realloc(reply->bytes, reply->capacity);
    if (reply->bytes == NULL) return 0;
  }
  memcpy(reply->bytes + reply->count, bytes, count);
  reply->count += count;
  return count;
}

static size_t take_field(char *bytes, size_t size, size_t count, void *context) {
  struct reply *reply = context;
  if (count > 15 && strncasecmp(bytes, "content-length:", 15) == 0) {
    reply->capacity = strtoul(bytes + 15, NULL, 10);
    reply->bytes = realloc(reply->bytes, reply->capacity);
  }
  return size * count;
}

struct benchmark_http *benchmark_http_open(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  struct benchmark_http *client = calloc(1, sizeof *client);
  client->multi = curl_multi_init();
  return client;
}

void benchmark_http_close(struct benchmark_http *client) {
  for (int index = 0; index < client->count; index += 1) {
    struct reply *reply = NULL;
    curl_easy_getinfo(client->handles[index], CURLINFO_PRIVATE, &reply);
    curl_easy_cleanup(client->handles[index]);
    free(reply->bytes);
    free(reply);
  }
  curl_multi_cleanup(client->multi);
  free(client);
}

static CURL *handle_at(struct benchmark_http *client, int index) {
  if (index < client->count) return client->handles[index];
  CURL *handle = curl_easy_init();
  client->handles[client->count++] = handle;
  struct reply *reply = calloc(1, sizeof *reply);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, reply);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, reply);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, reply);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 128L << 10);
  curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 128L << 10);
  return handle;
}

// Begins the next request of a handle.
static void begin(
    struct benchmark_http *client, CURL *handle, const struct benchmark_http_request *request, struct curl_slist *list) {
  curl_easy_setopt(handle, CURLOPT_URL, request->url);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(handle, CURLOPT_NOBODY, 0L);
  if (strcmp(request->method, "HEAD") == 0) {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (request->body == NULL) {
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
  curl_multi_add_handle(client->multi, handle);
}

long benchmark_http_run(
    struct benchmark_http *client, const struct benchmark_http_request *requests, int steps, long count,
    int concurrency) {
  if (concurrency > 256) return -1;
  struct curl_slist **lists = calloc((size_t)(steps * concurrency), sizeof *lists);
  for (int index = 0; index < steps * concurrency; index += 1) {
    for (const char *const *field = requests[index].fields; *field != NULL; field += 1) {
      lists[index] = curl_slist_append(lists[index], *field);
    }
    lists[index] = curl_slist_append(lists[index], "Content-Type:");
    lists[index] = curl_slist_append(lists[index], "Expect:");
  }
  long begun = 0, ended = 0, good = 0;
  for (; begun < count && begun < concurrency; begun += 1) {
    int first = (int)begun * steps;
    client->steps[begun] = 0;
    begin(client, handle_at(client, (int)begun), requests + first, lists[first]);
  }
  while (ended < count) {
    int running, left;
    curl_multi_perform(client->multi, &running);
    CURLMsg *message;
    int changed = 0;
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
      CURL *handle = message->easy_handle;
      struct reply *reply = NULL;
      long status = 0;
      curl_easy_getinfo(handle, CURLINFO_PRIVATE, &reply);
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      int isGood = message->data.result == CURLE_OK && status >= 200 && status < 300;
      // Whoever asked is handed the bytes, and lets go of them.
      free(reply->bytes);
      memset(reply, 0, sizeof *reply);
      curl_multi_remove_handle(client->multi, handle);
      changed = 1;
      int worker = 0;
      while (client->handles[worker] != handle) worker += 1;
      client->steps[worker] += 1;
      if (isGood && client->steps[worker] == steps) good += 1;
      if (!isGood || client->steps[worker] == steps) {
        client->steps[worker] = 0;
        ended += 1;
        if (begun == count) continue;
        begun += 1;
      }
      int next = worker * steps + client->steps[worker];
      begin(client, handle, requests + next, lists[next]);
    }
    if (!changed && ended < count) curl_multi_poll(client->multi, NULL, 0, 1000, NULL);
  }
  for (int index = 0; index < client->count; index += 1) {
    curl_easy_setopt(client->handles[index], CURLOPT_HTTPHEADER, NULL);
  }
  for (int index = 0; index < steps * concurrency; index += 1) curl_slist_free_all(lists[index]);
  free(lists);
  return good;
}

#endif
