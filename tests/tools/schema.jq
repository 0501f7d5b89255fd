# SPDX-License-Identifier: GPL-2.0-or-later
# Checks values against a JSON Schema, as far as docs/report.schema.json uses it; a keyword that is not known here is an error.
#
#   jq -n -r --slurpfile schema SCHEMA -f schema.jq VALUE...	a line for each thing that is wrong, nothing where all is well
#   jq -n -r --slurpfile schema SCHEMA -f schema.jq --arg lint 1	what is wrong with the schema itself

def known: ["$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "pattern", "minimum",
	"required", "properties", "additionalProperties", "items"];

def type_name: if type == "number" and floor == . then "integer" else type end;

def is_type($allowed):
	type_name as $is
	| ($allowed | if type == "string" then [.] else . end) as $names
	| ($names | index($is)) != null or ($is == "integer" and ($names | index("number")) != null);

def resolve($root; $schema):
	if $schema["$ref"] then $root["$defs"][$schema["$ref"] | ltrimstr("#/$defs/")] // error("no \($schema["$ref"])")
	else $schema end;

# Input: a value. Output: a line for each thing that is wrong with it.
def errors($root; $given; $at):
	. as $value
	| resolve($root; $given) as $schema
	| (($schema | keys_unsorted) - known | .[] | "\($at): the checker does not know \(.)"),
	  (if $schema.type and (is_type($schema.type) | not) then "\($at): is \(type_name), not \($schema.type)" else empty end),
	  (if ($schema | has("const")) and $schema.const != . then "\($at): is not \($schema.const)" else empty end),
	  (if $schema.enum and ($schema.enum | index([$value])) == null then "\($at): \($value) is none of \($schema.enum)" else empty end),
	  (if type == "string" and $schema.pattern and (test($schema.pattern) | not) then
		"\($at): \"\(.)\" is not like \($schema.pattern)" else empty end),
	  (if type == "number" and $schema.minimum and . < $schema.minimum then "\($at): \(.) is below \($schema.minimum)" else empty end),
	  (if type == "object" then
		(($schema.required // [])[] | select(. as $key | $value | has($key) | not) | "\($at).\(.): is missing"),
		(keys_unsorted[] as $key
		 | if $schema.properties[$key] then $value[$key] | errors($root; $schema.properties[$key]; "\($at).\($key)")
		   elif $schema.additionalProperties == false then "\($at).\($key): is not in the schema" else empty end)
	   elif type == "array" and $schema.items then
		(range(length) as $i | .[$i] | errors($root; $schema.items; "\($at)[\($i)]"))
	   else empty end);

# Every object is closed, every key is required and described.
def lint:
	paths(type == "object" and has("properties")) as $path
	| getpath($path)
	| ($path | map(tostring) | join(".")) as $at
	| (if .additionalProperties == false then empty else "\($at): is open" end),
	  (if (.required // [] | sort) == (.properties | keys) then empty else "\($at): required is not what it has" end),
	  (.properties | to_entries[] | select(.value.description | not) | "\($at).\(.key): has no description");

$schema[0] as $root
| if $ARGS.named.lint then ({ root: $root } | lint) else inputs | errors($root; $root; "report") end
