/* LD_PRELOAD: counts fsync and fdatasync; FSYNC_DELAY_US makes each slower, like a disk that turns. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

long fsyncs = 0;

static void one(void) {
  static long delay = -1;
  if (delay < 0) {
    char *told = getenv("FSYNC_DELAY_US");
    delay = told ? atol(told) : 0;
  }
  __atomic_add_fetch(&fsyncs, 1, __ATOMIC_RELAXED);
  if (delay > 0) {
    struct timespec wait = {delay / 1000000, delay % 1000000 * 1000};
    nanosleep(&wait, NULL);
  }
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  one();
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  one();
  return real(file);
}
