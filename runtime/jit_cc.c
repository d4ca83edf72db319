/* jit_cc.c - the backend "cc": the system's compiler, a shared object, dlopen.
 *
 * Objects are kept in a folder of the user's, named by a hash of all that they depend on: the text,
 * the flags, what the compiler says of itself, and the processor (they are made with
 * -march=native). Behind the object stands a trailer with a hash of its bytes: an entry that was
 * cut off or changed is made anew. An entry is written under a name of its own and renamed, so
 * that processes may race. */
#include "impl.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PATH_ROOM = 1024 };

static const char *const flags[] = {
    "-std=c99",       "-O3", "-march=native", "-ffp-contract=fast", "-fPIC", "-shared", "-w",
#ifdef __linux__
    "-Wl,-Bsymbolic", /* names of the host's do not get in between */
#endif
};

/* FNV-1a on two lanes; not for adversaries: the folder is the user's own. */
typedef struct Hash {
    uint64_t a, b;
} Hash;

static const Hash hash_start = {0xcbf29ce484222325u, 0x9ae16a3b2f90404fu};

static void hash_add(Hash *h, const void *data, size_t n)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < n; i++) {
        h->a = (h->a ^ p[i]) * 0x100000001b3u;
        h->b = (h->b ^ p[i]) * 0x9fb21c651e98df25u;
        h->b ^= h->b >> 29;
    }
}

static void hash_text(Hash *h, const char *text)
{
    hash_add(h, text, strlen(text) + 1);
}

/* ---- Processes ---- */

static const char *compiler(void)
{
    const char *cc = getenv("GRADC_CC");
    return cc && *cc ? cc : "cc";
}

/* What can be ended from another thread is a process group, with what it starts itself; and it gets
 * signals, which that thread has blocked. */
static void own_group(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
}

static int spawn_unless_stopped(pid_t *child, char *const *argv,
                                const posix_spawn_file_actions_t *actions,
                                const posix_spawnattr_t *attributes, Cancel *cancel)
{
    if (cancel)
        pthread_mutex_lock(&cancel->lock);
    int bad = cancel && cancel->stop;
    if (!bad)
        bad = posix_spawnp(child, argv[0], actions, attributes, argv, environ);
    if (!bad && cancel) {
        cancel->child = *child;
        setpriority(PRIO_PGRP, (id_t)*child, 5); /* the host's threads come first */
    }
    if (cancel)
        pthread_mutex_unlock(&cancel->lock);
    return bad;
}

/* When it has ended, but is still there under its number: from here on nobody may signal it. */
static void forget_child(pid_t child, Cancel *cancel)
{
    siginfo_t info;
    if (!cancel)
        return;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&cancel->lock);
    cancel->child = 0;
    pthread_mutex_unlock(&cancel->lock);
}

/* Runs a program; what it says on standard output and standard error goes to `said`, its end is
 * cut. Returns its exit status, or -1 where it could not be run. */
static int run_program(char *const *argv, Cancel *cancel, char *said, size_t room)
{
    int pipe_end[2], status = -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child;
    said[0] = '\0';
    if (pipe(pipe_end))
        return -1;
    fcntl(pipe_end[0], F_SETFD, FD_CLOEXEC);
    fcntl(pipe_end[1], F_SETFD, FD_CLOEXEC);
    if (posix_spawnattr_init(&attributes)) {
        close(pipe_end[0]);
        close(pipe_end[1]);
        return -1;
    }
    if (cancel)
        own_group(&attributes);
    if (posix_spawn_file_actions_init(&actions) == 0) {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, pipe_end[1], 1);
        posix_spawn_file_actions_adddup2(&actions, pipe_end[1], 2);
        int bad = spawn_unless_stopped(&child, argv, &actions, &attributes, cancel);
        posix_spawn_file_actions_destroy(&actions);
        close(pipe_end[1]);
        pipe_end[1] = -1;
        char rest[256] = {0};
        size_t used = 0;
        for (ssize_t n; !bad;) { /* reads on when there is no more room: the child must not block */
            bool full = used + 1 >= room;
            n = read(pipe_end[0], full ? rest : said + used, full ? sizeof rest : room - 1 - used);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                break;
            used += full ? 0 : (size_t)n;
        }
        said[used] = '\0';
        if (!bad)
            forget_child(child, cancel);
        pid_t ended = -1;
        while (!bad && (ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
            ;
        status = !bad && ended >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    posix_spawnattr_destroy(&attributes);
    if (pipe_end[1] >= 0)
        close(pipe_end[1]);
    close(pipe_end[0]);
    return status;
}

/* ---- The cache ---- */

/* The folder of the cache, which is made where it is missing. It must be the user's own: what
 * stands in it is run. */
static bool cache_folder(char *path, gradc_error *error)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char parent[PATH_ROOM];
    struct stat st;
    int n;
    if (base && *base == '/')
        n = snprintf(parent, sizeof parent, "%s", base);
    else if (home && *home)
        n = snprintf(parent, sizeof parent, "%s/.cache", home);
    else
        return error_set(error, GRADC_SYSTEM_ERROR, "cc: neither XDG_CACHE_HOME nor HOME is set"),
               false;
    if (n < 0 || n > PATH_ROOM - 64)
        return error_set(error, GRADC_SYSTEM_ERROR, "cc: the name of the cache folder is too long"),
               false;
    mkdir(parent, 0700);
    snprintf(path, PATH_ROOM, "%.*s/gradc", PATH_ROOM - 64, parent);
    if (mkdir(path, 0700) && errno != EEXIST)
        return error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot make %s: %s", path,
                         strerror(errno)),
               false;
    if (lstat(path, &st) || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
        return error_set(error, GRADC_SYSTEM_ERROR,
                         "cc: %s is no folder that only you can write to", path),
               false;
    return true;
}

/* The line of /proc/cpuinfo that tells what -march=native means here. */
static void hash_processor(Hash *h)
{
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[4096];
    while (f && fgets(line, sizeof line, f))
        if (!strncmp(line, "flags", 5) || !strncmp(line, "Features", 8)) {
            hash_text(h, line);
            break;
        }
    if (f)
        fclose(f);
}

static bool find_key(const char *text, Cancel *cancel, Hash *key, gradc_error *error)
{
    char said[2048];
    char *const argv[] = {(char *)(uintptr_t)compiler(), "--version", NULL};
    if (run_program(argv, cancel, said, sizeof said) != 0)
        return error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot run the compiler '%s'", compiler()),
               false;
    *key = hash_start;
    hash_text(key, GRADC_VERSION);
    hash_text(key, compiler());
    hash_text(key, said);
    for (int i = 0; i < ARRAY_LEN(flags); i++)
        hash_text(key, flags[i]);
    hash_processor(key);
    hash_text(key, text);
    return true;
}

typedef struct Trailer {
    char magic[16];
    uint64_t length;
    Hash hash;
} Trailer;

static const char magic[16] = "gradc object 1\n";

/* Hashes the first `length` bytes of a file, or all (length < 0). Returns how many there were. */
static int64_t hash_file(FILE *f, int64_t length, Hash *h)
{
    char block[16384];
    int64_t total = 0;
    *h = hash_start;
    while (length < 0 || total < length) {
        size_t want = length >= 0 && length - total < (int64_t)sizeof block
                          ? (size_t)(length - total)
                          : sizeof block;
        size_t n = fread(block, 1, want, f);
        if (!n)
            break;
        hash_add(h, block, n);
        total += (int64_t)n;
    }
    return total;
}

static bool entry_is_whole(const char *path)
{
    Trailer t;
    Hash h;
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    bool good = fseek(f, -(long)sizeof t, SEEK_END) == 0 && fread(&t, sizeof t, 1, f) == 1 &&
                !memcmp(t.magic, magic, sizeof magic) && fseek(f, 0, SEEK_SET) == 0 &&
                t.length < INT64_MAX && hash_file(f, (int64_t)t.length, &h) == (int64_t)t.length &&
                h.a == t.hash.a && h.b == t.hash.b;
    fclose(f);
    return good;
}

static bool seal_entry(const char *path)
{
    Trailer t = {{0}, 0, {0, 0}};
    FILE *f = fopen(path, "rb+");
    if (!f)
        return false;
    memcpy(t.magic, magic, sizeof magic);
    t.length = (uint64_t)hash_file(f, -1, &t.hash);
    bool good = !ferror(f) && fseek(f, 0, SEEK_END) == 0 && fwrite(&t, sizeof t, 1, f) == 1;
    return fclose(f) == 0 && good;
}

/* ---- Compiling ---- */

static bool write_text(int fd, const char *text)
{
    FILE *f = fdopen(fd, "w");
    if (!f) {
        close(fd);
        return false;
    }
    bool good = fputs(text, f) != EOF;
    return fclose(f) == 0 && good;
}

static bool run_compiler(const char *source, const char *object, Cancel *cancel,
                         gradc_error *error)
{
    char said[400];
    char *argv[ARRAY_LEN(flags) + 8];
    int n = 0;
    argv[n++] = (char *)(uintptr_t)compiler();
    for (int i = 0; i < ARRAY_LEN(flags); i++)
        argv[n++] = (char *)(uintptr_t)flags[i];
    argv[n++] = "-o";
    argv[n++] = (char *)(uintptr_t)object;
    argv[n++] = (char *)(uintptr_t)source;
    argv[n++] = "-lm";
    argv[n] = NULL;
    if (run_program(argv, cancel, said, sizeof said) == 0)
        return true;
    return error_set(error, GRADC_SYSTEM_ERROR, "cc: the compiler failed: %s", said), false;
}

/* Compiles into a folder of its own below the cache's, then moves the object to `path`. */
static bool make_entry(const char *folder, const char *path, const char *text, Cancel *cancel,
                       gradc_error *error)
{
    char own[PATH_ROOM + 16], source[PATH_ROOM + 32], object[PATH_ROOM + 32];
    snprintf(own, sizeof own, "%s/new-XXXXXX", folder);
    if (!mkdtemp(own))
        return error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot write to %s: %s", folder,
                         strerror(errno)),
               false;
    snprintf(source, sizeof source, "%s/model.c", own);
    snprintf(object, sizeof object, "%s/model.so", own);
    int fd = open(source, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write_text(fd, text);
    if (!good) {
        error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot write %s: %s", source, strerror(errno));
    } else if ((good = run_compiler(source, object, cancel, error))) {
        good = seal_entry(object) && chmod(object, 0700) == 0 && rename(object, path) == 0;
        if (!good)
            error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot write %s: %s", path, strerror(errno));
    }
    remove(source);
    remove(object);
    rmdir(own);
    return good;
}

void *cc_open(const char *text, Cancel *cancel, gradc_error *error)
{
    char folder[PATH_ROOM], path[PATH_ROOM + 64];
    Hash key;
    if (!cache_folder(folder, error) || !find_key(text, cancel, &key, error))
        return NULL;
    snprintf(path, sizeof path, "%s/%016llx%016llx.so", folder, (unsigned long long)key.a,
             (unsigned long long)key.b);
    if (!entry_is_whole(path) && !make_entry(folder, path, text, cancel, error))
        return NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        error_set(error, GRADC_SYSTEM_ERROR, "cc: cannot load what was compiled: %s", dlerror());
    return handle;
}

static void *open_cc(const gradc *g, const char *text, gradc_error *error)
{
    (void)g;
    return cc_open(text, NULL, error);
}

static void *symbol_cc(void *state, const char *name)
{
    return dlsym(state, name);
}

static void close_cc(void *state)
{
    dlclose(state);
}

const Backend backend_cc = {.name = "cc", .open = open_cc, .symbol = symbol_cc, .close = close_cc};
