/* Counts the lines of a file that hold one of the literals of a list: `hyperscan LITERALS FILE`. */
#include <fcntl.h>
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (1 << 20)    /* bytes read at once */
#define MAX_LITERALS 65536

struct lines {
    const char *block;
    size_t end;            /* of the whole lines in the block */
    size_t counted;        /* end of the last line that was counted */
    unsigned long count;
};

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static int on_match(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *context) {
    struct lines *lines = context;
    if (to <= lines->counted) return 0;
    const char *feed = memchr(lines->block + to, '\n', lines->end - to);
    lines->counted = feed ? (size_t)(feed - lines->block) + 1 : lines->end;
    lines->count++;
    return 0;
}

static hs_database_t *compile(const char *path) {
    static char text[BLOCK];
    static const char *literals[MAX_LITERALS];
    static size_t lengths[MAX_LITERALS];
    static unsigned flags[MAX_LITERALS], ids[MAX_LITERALS];
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot open the literals");
    size_t size = fread(text, 1, sizeof text, file);
    if (size == sizeof text) fail("too many literals");
    fclose(file);
    unsigned count = 0;
    for (char *at = text, *feed; (feed = memchr(at, '\n', text + size - at)) && count < MAX_LITERALS; at = feed + 1) {
        literals[count] = at;
        lengths[count] = feed - at;
        ids[count] = count;
        count++;
    }
    hs_database_t *database;
    hs_compile_error_t *error;
    if (hs_compile_lit_multi(literals, flags, ids, lengths, count, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS)
        fail(error->message);
    return database;
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "--version")) return printf("hyperscan %s\n", hs_version()) < 0;
    if (argc != 3) fail("expected: hyperscan LITERALS FILE");
    hs_database_t *database = compile(argv[1]);
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) fail("no memory");
    int file = open(argv[2], O_RDONLY);
    if (file < 0) fail("cannot open the file");
    static char block[2 * BLOCK]; /* the begun line of the block before, then the new block */
    size_t held = 0;
    struct lines lines = {block, 0, 0, 0};
    for (;;) {
        ssize_t got = read(file, block + held, BLOCK);
        if (got < 0) fail("cannot read the file");
        size_t size = held + got;
        char *feed = got ? memrchr(block, '\n', size) : NULL;
        if (got && !feed && size > BLOCK) fail("a line is too long");
        lines.end = feed ? (size_t)(feed - block) + 1 : got ? 0 : size;
        lines.counted = 0;
        if (lines.end && hs_scan(database, block, lines.end, 0, scratch, on_match, &lines) != HS_SUCCESS) fail("cannot scan");
        if (!got) break;
        held = size - lines.end;
        memmove(block, block + lines.end, held);
    }
    printf("%lu\n", lines.count);
    return 0;
}
