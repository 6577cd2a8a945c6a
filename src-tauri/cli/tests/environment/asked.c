/* Writes the name of each environment variable that a program asks for into the file that ASKED names. Loaded before the
   C library (LD_PRELOAD), whose getenv this is in the program's eyes. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static char *value_of(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environ; entry && *entry; entry++)
        if (!strncmp(*entry, name, length) && (*entry)[length] == '=') return *entry + length + 1;
    return NULL;
}

static void note(const char *name) {
    char *path = value_of("ASKED");
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    char line[128];
    size_t length = strlen(name);
    if (file < 0) return;
    if (length < sizeof line) {
        memcpy(line, name, length);
        line[length] = '\n';
        if (write(file, line, length + 1) < 0) _exit(99);
    }
    close(file);
}

char *getenv(const char *name) {
    note(name);
    return value_of(name);
}

char *secure_getenv(const char *name) { return getenv(name); }
