/* array_test.c - arrays in files: what is written is read again, in every type and rank; .npz and
 * gzip as other programs write them; and every damage to a file, byte for byte, is told or
 * harmless.
 *
 *   array_test        from the root of the repository */
#include "runtime/array_formats.h"
#include "tests/count.h"
#include "tests/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/gradc_array_XXXXXX", path[64];

/* numpy.savez_compressed(a=int32 [1, -2, 3], b=[[1.5, 2], [3, 4]]) */
static const char deflated[] =
    "504b0304140000000800000021009ee779104f0000008c00000005001400612e6e7079010010008c00000000"
    "0000004f000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f5452"
    "9498179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e460606867fffffff6706"
    "d200504b0304140000000800000021009d18a23c55000000a000000005001400622e6e707901001000a00000"
    "000000000055000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f"
    "54529498179f5f94920a12774bcc294e058a17672416a402f91a463a0a469a3a0ab50a64032e0630f8610fa1"
    "191c2014079416700000504b01021403140000000800000021009ee779104f0000008c000000050000000000"
    "000000000000800100000000612e6e7079504b01021403140000000800000021009d18a23c55000000a00000"
    "00050000000000000000000000800186000000622e6e7079504b050600000000020002006600000012010000"
    "0000";
/* a alone, stored, all lengths as zip64 holds them */
static const char zip64[] =
    "504b03042d0000000000000021009ee77910ffffffffffffffff05001400612e6e7079010010008c00000000"
    "0000008c00000000000000934e554d5059010076007b276465736372273a20273c6934272c2027666f727472"
    "616e5f6f72646572273a2046616c73652c20277368617065273a2028332c292c207d20202020202020202020"
    "2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020200a01000000feffffff03000000504b01022d032d0000000000000021009ee77910ffffffffff"
    "ffffff050014000000000000000000800100000000612e6e7079010010008c000000000000008c0000000000"
    "0000504b06062c000000000000002d002d000000000000000000010000000000000001000000000000004700"
    "000000000000c300000000000000504b0607000000000a0100000000000001000000504b050600000000ffff"
    "ffffffffffffffffffff0000";
/* gzip of numpy.save of b; and of "x,y\n1,2\n3,4\n" */
static const char packed[] =
    "1f8b08000000000002039bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f545294"
    "98179f5f94920a12774bcc294e058a17672416a402f91a463a0a469a3a0ab50a64032e0630f8610fa1191c20"
    "140794167000009d18a23ca0000000";
static const char table[] = "1f8b0800000000000203abd0a9e432d431e232d631e10200974429800c000000";

enum { ROOM = 4096 };

static size_t bytes_of(const char *hex, unsigned char *out)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        const char two[3] = {hex[2 * i], hex[2 * i + 1]};
        out[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    return n;
}

static const char *file(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void save(const char *name, const unsigned char *p, size_t n)
{
    FILE *f = fopen(file(name), "wb");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f))
        exit(1);
}

static void put32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static bool same(const gradc_array *a, const gradc_array *b)
{
    return a->type == b->type && a->rank == b->rank && a->count == b->count &&
           !memcmp(a->dim, b->dim, sizeof *a->dim * (size_t)a->rank) &&
           !memcmp(a->data, b->data, (size_t)a->count * gradc_type_bytes(a->type));
}

static gradc_array whole = {GRADC_I32, 1, (int64_t[]){3}, 3, (int32_t[]){1, -2, 3}};
static gradc_array square = {GRADC_F64, 2, (int64_t[]){2, 2}, 4, (double[]){1.5, 2, 3, 4}};

/* ---- What is written is read again ---- */

static void test_round_trip(void)
{
    static const unsigned char bytes[64] = {1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1};
    gradc_array all[40];
    char text[40][8];
    const char *name[40];
    int64_t dim[40][GRADC_MAX_RANK];
    int n = 0;
    for (int t = GRADC_BOOL; t <= GRADC_F64; t++)
        for (int k = 0; k < 6; k++, n++) {
            static const int rank[] = {0, 1, 2, 3, 2, GRADC_MAX_RANK};
            int64_t count = k == 1 ? 5 : k == 2 || k == 3 ? 4 : k == 4 ? 0 : 1;
            for (int i = 0; i < GRADC_MAX_RANK; i++)
                dim[n][i] = k == 1 ? 5 : k == 2 || (k == 3 && i) ? 2 : k == 4 ? 3 * i : 1;
            all[n] = (gradc_array){(gradc_type)t, rank[k], dim[n], count, (void *)bytes};
            snprintf(text[n], sizeof text[n], "n%d", n);
            name[n] = text[n];
        }
    gradc_error e = {0};
    gradc_npz z;
    CHECK(gradc_npz_write(file("all.npz"), n, name, all, &e) == GRADC_OK);
    CHECK(gradc_npz_read(file("all.npz"), &z, &e) == GRADC_OK && z.count == n);
    for (int i = 0; i < n && z.count == n; i++) {
        gradc_array one = {0}, two = {0};
        char chosen[80];
        CHECK(!strcmp(z.name[i], name[i]) && same(&z.array[i], &all[i]));
        snprintf(chosen, sizeof chosen, "%s:n%d", file("all.npz"), i);
        CHECK(gradc_array_read(chosen, &one, &e) == GRADC_OK && same(&one, &all[i]));
        CHECK(gradc_array_write(file("one.npy"), &all[i], &e) == GRADC_OK);
        CHECK(gradc_array_read(file("one.npy"), &two, &e) == GRADC_OK && same(&two, &all[i]));
        gradc_array_free(&one);
        gradc_array_free(&two);
    }
    gradc_npz_free(&z);
    CHECK(gradc_npz_write(file("none.npz"), 0, name, all, &e) == GRADC_OK);
    CHECK(gradc_npz_read(file("none.npz"), &z, &e) == GRADC_OK && z.count == 0);
    gradc_npz_free(&z);
}

static void test_write_errors(void)
{
    gradc_error e = {0};
    const char *const twice[] = {"a", "a"}, *const nameless[] = {""}, *const good[] = {"a"};
    const gradc_array both[] = {whole, square};
    gradc_array huge = square;
    huge.count = (int64_t)1 << 40;
    CHECK(gradc_npz_write(file("w.npz"), 2, twice, both, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "two arrays named a");
    CHECK(gradc_npz_write(file("w.npz"), 1, nameless, both, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "a name has from 1 to 1000 bytes");
    CHECK(gradc_npz_write(file("w.npz"), 1, good, &huge, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "more than 4 GiB");
    CHECK(gradc_npz_write(file("w.npz"), -1, good, both, &e) == GRADC_USAGE_ERROR);
    CHECK(access(file("w.npz"), F_OK) != 0);
    CHECK(gradc_npz_write(file("none/w.npz"), 1, good, both, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "No such file");
    if (access("/dev/full", W_OK) == 0) /* written to in place of a file beside it: not possible */
        CHECK(gradc_npz_write("/dev/full/w.npz", 1, good, both, &e) == GRADC_SYSTEM_ERROR);
}

/* ---- What others have written ---- */

static bool has_zlib(void)
{
    unsigned char text[ROOM];
    gradc_array a = {0};
    gradc_error e = {0};
    save("b.npy.gz", text, bytes_of(packed, text));
    gradc_status status = gradc_array_read(file("b.npy.gz"), &a, &e);
    gradc_array_free(&a);
    return status == GRADC_OK || !strstr(e.text, "built without zlib");
}

static void read_sample(const char *name, const char *hex, const char *key, const gradc_array *want)
{
    unsigned char text[ROOM];
    char chosen[80];
    gradc_array a = {0};
    gradc_error e = {0};
    save(name, text, bytes_of(hex, text));
    snprintf(chosen, sizeof chosen, "%s%s", file(name), key);
    CHECK(gradc_array_read(chosen, &a, &e) == GRADC_OK);
    SAYS(e, "");
    CHECK(a.data && same(&a, want));
    gradc_array_free(&a);
}

static void test_gzip_pieces(void)
{
    unsigned char text[ROOM];
    gradc_array a = {0};
    gradc_error e = {0};
    size_t n = bytes_of(table, text);
    memmove(text + n, text, n); /* a table of seven lines, one of them names again */
    save("t.csv.gz", text, 2 * n);
    CHECK(gradc_array_read(file("t.csv.gz"), &a, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "line 4: a number is expected");
    text[n] = 'x';
    save("t.csv.gz", text, 2 * n);
    CHECK(gradc_array_read(file("t.csv.gz"), &a, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "there are bytes behind its packed data");
    n = bytes_of(packed, text);
    text[n - 5] ^= 1; /* of the checksum */
    save("b.npy.gz", text, n);
    CHECK(gradc_array_read(file("b.npy.gz"), &a, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "its packed data is damaged");
    save("b.npy.gz", text, n - 20);
    CHECK(gradc_array_read(file("b.npy.gz"), &a, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "it is cut off in its packed data");
    save("b.npy.gz", text, 12);
    CHECK(gradc_array_read(file("b.npy.gz"), &a, &e) == GRADC_SYSTEM_ERROR);
    SAYS(e, "it is cut off in its packed data");
}

static void test_samples(void)
{
    gradc_array integers = {GRADC_I64, 2, (int64_t[]){2, 2}, 4, (int64_t[]){1, 2, 3, 4}};
    read_sample("z.npz", zip64, "", &whole);
    read_sample("z.npz", zip64, ":a", &whole);
    if (!has_zlib()) {
        printf("skipped: built without zlib\n");
        return;
    }
    read_sample("d.npz", deflated, ":a", &whole);
    read_sample("d.npz", deflated, ":b", &square);
    read_sample("b.npy.gz", packed, "", &square);
    read_sample("t.csv.gz", table, "", &integers);
    test_gzip_pieces();
}

static void refused(const char *chosen, const char *why)
{
    gradc_array a = {0};
    gradc_error e = {0};
    char full[120];
    snprintf(full, sizeof full, "%s/%s", folder, chosen);
    CHECK(gradc_array_read(full, &a, &e) == GRADC_SYSTEM_ERROR && !a.data && !a.dim);
    SAYS(e, why);
}

/* Each fact of an archive, wrong. The entry of `a` in zip64 is at 195, its name at 241. */
static void test_wrong_archives(void)
{
    unsigned char text[ROOM];
    size_t n = bytes_of(zip64, text);
    save("z.npz", text, n);
    refused("z.npz:b", "it has no array 'b'; its arrays: a");
    refused("gone.npz:b", "gone.npz: No such file");
    save("d.npz", text, bytes_of(deflated, text));
    refused("d.npz", "chooses one of its 2 arrays: a, b");
    static const struct {
        size_t at;
        uint32_t bits;
        const char *why;
    } wrong[] = {
        {195 + 8, 0x00000001, "its array a: it is encrypted"},
        {195 + 10, 0x0000000c, "it is packed by method 12"},
        {195 + 16, 0x00000001, "its checksum is wrong"},
        {195 + 0, 0x00000001, "its table of contents is damaged"},
        {195 + 30, 0x00000001, "its table of contents is damaged"},
        {195 + 46 + 5 + 4, 0x00000001, "its array a: its table of contents is damaged"},
        {0 + 26, 0x00ff0000, "its array a: its table of contents is damaged"},
        {266 + 48, 0x7f000000, "its table of contents is damaged"},
        {266 + 0, 0x00000001, "its table of contents is damaged"},
        {322 + 8, 0x00000001, "its table of contents is damaged"},
        {322 + 0, 0x00000001, "its table of contents is damaged"},
        {342 + 20, 0x00000001, "it is cut off: it has no table of contents"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t old;
        n = bytes_of(zip64, text);
        old = text[wrong[i].at] | (uint32_t)text[wrong[i].at + 1] << 8 |
              (uint32_t)text[wrong[i].at + 2] << 16 |
              (wrong[i].at + 3 < n ? (uint32_t)text[wrong[i].at + 3] << 24 : 0);
        if (wrong[i].at + 3 >= n)
            text[wrong[i].at] ^= (unsigned char)wrong[i].bits;
        else
            put32(text + wrong[i].at, old ^ wrong[i].bits);
        save("z.npz", text, n);
        refused("z.npz", wrong[i].why);
    }
}

/* A deflated size that would take all memory is not believed. */
static void test_lies(void)
{
    unsigned char text[ROOM];
    size_t n = bytes_of(deflated, text);
    size_t entry = 0;
    while (memcmp(text + entry, "PK\1\2", 4) != 0)
        entry++;
    put32(text + entry + 24, 0xfffffff0);
    save("d.npz", text, n);
    refused("d.npz:a", "its table of contents is damaged");
    gradc_array a = {GRADC_F64, 1, (int64_t[]){1}, 1, (double[]){1}};
    gradc_error e = {0};
    CHECK(gradc_array_write(file("f.npy"), &a, &e) == GRADC_OK);
    refused("f.npy:x", "No such file");
    CHECK(truncate(file("f.npy"), (off_t)5 << 30) == 0);
    refused("f.npy", "the file is too large");
}

/* Of a file with these bytes: whether it is refused, or (if it may be) gives the array. A block of
 * its own, so that a sanitizer sees what is read behind it. */
static bool refused_or(const gradc_array *want, const char *name, const unsigned char *text,
                       size_t n, const char *key)
{
    unsigned char *block = calloc(1, n + 1);
    Arena *arena = new_arena();
    Stored s;
    if (!block || !arena)
        exit(1);
    memcpy(block, text, n);
    bool good = array_parse(arena, name, (Bytes){block, n}, key, &s) != NULL;
    if (!good && s.count < ROOM) {
        void *elements = malloc((size_t)s.count * (size_t)dtype_bytes(s.type) + 1);
        if (!elements)
            exit(1);
        array_decode(&s, elements);
        gradc_array a = {(gradc_type)s.type, s.rank, s.dim, s.count, elements};
        good = want && same(&a, want);
        free(elements);
    }
    arena_free(arena);
    free(block);
    return good;
}

/* Cut off everywhere, and with every byte changed in two ways. */
static void damage(const char *name, const char *hex, const char *key, const gradc_array *want)
{
    unsigned char text[ROOM];
    size_t n = bytes_of(hex, text);
    bool cut = true, changed = true;
    for (size_t i = 0; i < n; i++)
        cut &= refused_or(NULL, name, text, i, key);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            unsigned char old = text[i];
            text[i] = (unsigned char)(k ? old ^ 0xff : old ^ 1);
            changed &= refused_or(want, name, text, n, key);
            text[i] = old;
        }
    CHECK(cut);
    CHECK(changed);
    CHECK(!refused_or(NULL, name, text, n, key));
}

/* Formats without a checksum: a changed byte may give other elements, but never more than the file
 * has. */
static void survives(const char *name, const void *bytes, size_t n)
{
    unsigned char text[ROOM];
    int refused = 0;
    memcpy(text, bytes, n);
    for (size_t i = 0; i < n; i++)
        refused += refused_or(NULL, name, text, i, NULL);
    for (size_t i = 0; i < n; i++)
        for (int k = 1; k < 256; k++) {
            text[i] ^= (unsigned char)k;
            refused_or(NULL, name, text, n, NULL);
            text[i] ^= (unsigned char)k;
        }
    CHECK(refused > 0);
}

static void test_changed(void)
{
    static const unsigned char idx[] = "\0\0\13\2\0\0\0\2\0\0\0\1\377\376\1\0";
    static const char csv[] = "x,y\n1,-2e3\n.5,nan\n";
    unsigned char text[ROOM];
    bytes_of(zip64, text); /* its .npy begins at 55 and has 140 bytes */
    survives("x.npy", text + 55, 140);
    survives("x.idx", idx, sizeof idx - 1);
    survives("x.csv", csv, sizeof csv - 1);
}

static void test_damage(void)
{
    damage("z.npz", zip64, NULL, &whole);
    damage("z.npz", zip64, "a", &whole);
    if (!has_zlib())
        return;
    damage("d.npz", deflated, "a", &whole);
    damage("d.npz", deflated, "b", &square);
    damage("b.npy.gz", packed, NULL, &square);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    test_round_trip();
    test_write_errors();
    test_samples();
    test_wrong_archives();
    test_lies();
    test_damage();
    test_changed();
    static const char *const made[] = {"all.npz",  "none.npz", "one.npy", "b.npy.gz",
                                       "t.csv.gz", "z.npz",    "d.npz",   "f.npy"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        remove(file(made[i]));
    CHECK(rmdir(folder) == 0);
    return sum_up();
}
