/* write.c - results written to files, whole or not at all. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_failed(const char *path)
{
    fprintf(stderr, "gradc: cannot write %s: %s\n", path, strerror(errno));
    return EXIT_SYSTEM;
}

/* Something that is there and is no regular file: /dev/null, a pipe, standard output. */
static bool is_stream(const char *path)
{
    struct stat st;
    return !path || !strcmp(path, "-") || (!stat(path, &st) && !S_ISREG(st.st_mode));
}

static int write_stream(const CliFile *file)
{
    bool standard = !file->path || !strcmp(file->path, "-");
    FILE *f = standard ? stdout : fopen(file->path, "wb");
    if (!f)
        return write_failed(file->path);
    bool bad = fputs(file->text, f) == EOF || fflush(f) == EOF || ferror(f);
    if (!standard)
        bad |= fclose(f) == EOF;
    return bad ? write_failed(standard ? "standard output" : file->path) : EXIT_GOOD;
}

/* Beside the file, to be renamed: a reader never sees half of it. The name in *out, which the
 * caller frees; where that is not NULL there may be something to remove. */
static int write_beside(const CliFile *file, char **out)
{
    size_t n = strlen(file->path) + 32;
    *out = malloc(n);
    if (!*out)
        return write_failed(file->path);
    snprintf(*out, n, "%s.%ld.tmp", file->path, (long)getpid());
    FILE *f = fopen(*out, "wb");
    bool bad = !f || fputs(file->text, f) == EOF;
    if (f)
        bad |= fclose(f) == EOF;
    return bad ? write_failed(file->path) : EXIT_GOOD;
}

/* First everything is written beside its place; what remains then, renaming, hardly ever fails. */
int cli_write_files(int n, const CliFile *file)
{
    enum { MOST = 4 };
    char *beside[MOST] = {NULL};
    int code = n <= MOST ? EXIT_GOOD : EXIT_SYSTEM;
    for (int i = 0; i < n && code == EXIT_GOOD; i++)
        if (!is_stream(file[i].path))
            code = write_beside(&file[i], &beside[i]);
    for (int i = 0; i < n && code == EXIT_GOOD; i++)
        if (!beside[i])
            code = write_stream(&file[i]);
    for (int i = 0; i < n && code == EXIT_GOOD; i++)
        if (beside[i] && rename(beside[i], file[i].path) != 0)
            code = write_failed(file[i].path);
    for (int i = 0; i < n && i < MOST; i++) {
        if (beside[i] && code != EXIT_GOOD)
            remove(beside[i]);
        free(beside[i]);
    }
    return code;
}

int cli_write(const char *path, const char *text)
{
    return cli_write_files(1, &(CliFile){path, text});
}
