/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of -o appears under its name only when it is whole. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <dirent.h>
#include <cmocka.h>

#include "cli/output.h"
#include "redirect.h"

/* Each test runs in a folder of its own. */
static int enter_folder(void **state)
{
	char name[] = "/tmp/irqpath-output.XXXXXX";

	*state = strdup(mkdtemp(name));
	return chdir(*state);
}

static int leave_folder(void **state)
{
	int failed = chdir("/tmp") || rmdir(*state);

	free(*state);
	return failed;
}

static unsigned count_files(void)
{
	DIR *dir = opendir(".");
	unsigned nr = 0;

	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr - 2;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void assert_holds(const char *path, const char *text)
{
	char buf[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(buf, 1, sizeof(buf) - 1, file), strlen(text));
	fclose(file);
	assert_string_equal(buf, text);
}

static void test_new_file(void **state)
{
	struct output out;
	struct stat st;
	mode_t mask = umask(027);

	(void)state;
	assert_true(output_open(&out, "report.json"));
	fputs("{}", out.stream);
	fflush(out.stream);
	assert_int_not_equal(access("report.json", F_OK), 0);
	assert_int_equal(count_files(), 1);
	assert_true(output_close(&out, true));
	umask(mask);
	assert_holds("report.json", "{}");
	assert_int_equal(count_files(), 1);
	assert_false(stat("report.json", &st));
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_false(unlink("report.json"));
}

static void test_old_file(void **state)
{
	struct output out;

	(void)state;
	write_file("report.json", "old");
	assert_true(output_open(&out, "report.json"));
	fputs("new", out.stream);
	fflush(out.stream);
	assert_holds("report.json", "old");
	assert_true(output_close(&out, true));
	assert_holds("report.json", "new");
	assert_int_equal(count_files(), 1);
	assert_false(unlink("report.json"));
}

static void test_not_kept(void **state)
{
	struct output out;

	(void)state;
	assert_true(output_open(&out, "report.json"));
	fputs("half", out.stream);
	assert_true(output_close(&out, false));
	assert_int_equal(count_files(), 0);
	write_file("report.json", "old");
	assert_true(output_open(&out, "report.json"));
	fputs("half", out.stream);
	assert_true(output_close(&out, false));
	assert_holds("report.json", "old");
	assert_int_equal(count_files(), 1);
	assert_false(unlink("report.json"));
}

static void assert_fails(bool good, struct redirect *rd, const char *name)
{
	char *printed = redirect_end(rd);

	assert_false(good);
	assert_non_null(strstr(printed, name));
	assert_non_null(strstr(printed, "cannot be written"));
	free(printed);
}

static void test_no_folder(void **state)
{
	struct redirect rd;
	struct output out;
	bool good;

	(void)state;
	redirect_start(&rd, stderr);
	good = output_open(&out, "there/is/none.json");
	assert_fails(good, &rd, "there/is/none.json");
}

static void test_is_folder(void **state)
{
	struct redirect rd;
	struct output out;
	bool good;

	(void)state;
	redirect_start(&rd, stderr);
	good = output_open(&out, ".");
	assert_fails(good, &rd, ".");
}

static void test_device(void **state)
{
	struct output out;
	struct stat st;

	(void)state;
	assert_true(output_open(&out, "/dev/null"));
	fputs("gone", out.stream);
	assert_true(output_close(&out, true));
	assert_false(stat("/dev/null", &st));
	assert_true(S_ISCHR(st.st_mode));
}

static void test_full_device(void **state)
{
	struct redirect rd;
	struct output out;
	bool good;

	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	assert_true(output_open(&out, "/dev/full"));
	fputs("lost", out.stream);
	redirect_start(&rd, stderr);
	good = output_close(&out, true);
	assert_fails(good, &rd, "/dev/full");
}

/* The name was taken by a folder meanwhile: told, and nothing is left behind. */
static void test_cannot_rename(void **state)
{
	struct redirect rd;
	struct output out;
	bool good;

	(void)state;
	assert_true(output_open(&out, "report.json"));
	fputs("{}", out.stream);
	assert_false(mkdir("report.json", 0700));
	redirect_start(&rd, stderr);
	good = output_close(&out, true);
	assert_fails(good, &rd, "report.json");
	assert_int_equal(count_files(), 1);
	assert_false(rmdir("report.json"));
}

static void test_stdout(void **state)
{
	static const char *const names[] = { NULL, "-" };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct redirect rd;
		struct output out;
		char *printed;
		bool good;

		redirect_start(&rd, stdout);
		good = output_open(&out, names[i]);
		fputs("report", out.stream);
		good &= output_close(&out, true);
		printed = redirect_end(&rd);
		assert_true(good);
		assert_string_equal(printed, "report");
		assert_int_equal(count_files(), 0);
		free(printed);
	}
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(test_new_file),
		IN_FOLDER(test_old_file),
		IN_FOLDER(test_not_kept),
		IN_FOLDER(test_no_folder),
		IN_FOLDER(test_is_folder),
		IN_FOLDER(test_device),
		IN_FOLDER(test_full_device),
		IN_FOLDER(test_cannot_rename),
		IN_FOLDER(test_stdout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
