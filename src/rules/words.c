/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a header that hold for one kind of a fault each. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rule.h"

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

const char *rule_word(const struct rule_words *words, const char *signature)
{
	const char *any = NULL;

	for (unsigned i = 0; i < words->nr; i++) {
		if (!words->word[i].signature)
			any = words->word[i].text;
		else if (same(words->word[i].signature, signature))
			return words->word[i].text;
	}
	return any;
}

/* Cuts "[signature] text"; false where it begins so and goes on otherwise. */
static bool split(char *value, char **signature, char **text)
{
	char *end;

	*signature = NULL;
	*text = value;
	if (value[0] != '[')
		return true;
	end = strchr(value, ']');
	if (!end || end == value + 1 || value + 1 + strspn(value + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") != end)
		return false;
	*end++ = 0;
	*signature = value + 1;
	*text = end + strspn(end, " ");
	return **text;
}

static bool has(const struct rule_words *words, const char *signature)
{
	for (unsigned i = 0; i < words->nr; i++)
		if (same(words->word[i].signature, signature))
			return true;
	return false;
}

const char *rule_words_add(struct rule_words *words, char *value, const char **added)
{
	char *signature, *text;

	*added = "";
	if (!split(value, &signature, &text))
		return "\"[SIGNATURE] TEXT\" or \"TEXT\"";
	if (has(words, signature))
		return "given twice for one signature";
	if (words->nr == RULE_MAX_WORDS)
		return "given too often";
	words->word[words->nr].signature = signature ? strdup(signature) : NULL;
	words->word[words->nr].text = strdup(text);
	*added = words->word[words->nr].text;
	words->nr++;
	if (*added && (!signature || words->word[words->nr - 1].signature))
		return NULL;
	*added = "";
	return "out of memory";
}

const char *rule_words_move(struct rule_words *to, struct rule_words *from)
{
	if (to->nr + from->nr > RULE_MAX_WORDS)
		return "given too often";
	for (unsigned i = 0; i < from->nr; i++)
		if (has(to, from->word[i].signature))
			return "given twice for one signature";
	memcpy(&to->word[to->nr], from->word, from->nr * sizeof(*from->word));
	to->nr += from->nr;
	from->nr = 0;
	return NULL;
}

void rule_words_fini(struct rule_words *words)
{
	for (unsigned i = 0; i < words->nr; i++) {
		free(words->word[i].signature);
		free(words->word[i].text);
	}
}
