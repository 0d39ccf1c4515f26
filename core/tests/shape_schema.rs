//! The published schema of shapes and the definitions that are shipped: each is what the other says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::import::{Shape, Shapes};
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../npm/shape.schema.json")).unwrap()
}

/// Faults of a value by a schema. It knows the keywords that the published schema has, and refuses others.
fn faults(schema: &Value, root: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        let rules = || rule.as_array().unwrap();
        let fault = |what: &str| vec![format!("{at}: {what} of {rule}")];
        found.extend(match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "properties" => Vec::new(),
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                faults(root.pointer(pointer).unwrap(), root, value, at)
            }
            "type" => {
                let one = [rule.clone()];
                let types = rule.as_array().map_or(&one[..], Vec::as_slice);
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    "number" => value.is_number(),
                    "integer" => value.is_u64(),
                    other => panic!("no type {other}"),
                };
                if types.iter().any(is) { Vec::new() } else { fault("no type") }
            }
            "enum" => {
                if rules().contains(value) {
                    Vec::new()
                } else {
                    fault("none")
                }
            }
            "oneOf" => {
                let fits = rules().iter().filter(|rule| faults(rule, root, value, at).is_empty()).count();
                if fits == 1 { Vec::new() } else { fault("not one") }
            }
            "items" => {
                let elements = value.as_array().into_iter().flatten().enumerate();
                elements.flat_map(|(index, element)| faults(rule, root, element, &format!("{at}/{index}"))).collect()
            }
            "required" => {
                let has = |name: &&Value| value.get(name.as_str().unwrap()).is_none();
                if rules().iter().any(|name| has(&name)) { fault("not all") } else { Vec::new() }
            }
            "minLength" => {
                let length = value.as_str().map_or(u64::MAX, |text| text.len() as u64);
                if length >= rule.as_u64().unwrap() { Vec::new() } else { fault("shorter than the least") }
            }
            "minimum" => {
                let number = value.as_u64().unwrap_or(u64::MAX);
                if number >= rule.as_u64().unwrap() { Vec::new() } else { fault("less than the least") }
            }
            "pattern" => {
                assert_eq!(rule, "^[a-z0-9-]+$");
                let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
                let text = value.as_str().unwrap_or("-");
                if !text.is_empty() && text.chars().all(fits) { Vec::new() } else { fault("not the pattern") }
            }
            "additionalProperties" => Vec::new(),
            other => panic!("no keyword {other}"),
        });
    }
    let properties = schema.get("properties");
    let rest = schema.get("additionalProperties");
    for (key, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match (properties.and_then(|properties| properties.get(key)), rest) {
            (Some(rule), _) => found.extend(faults(rule, root, member, &at)),
            (None, Some(Value::Bool(false))) => found.push(format!("{at}: unknown")),
            (None, Some(rule)) => found.extend(faults(rule, root, member, &at)),
            (None, None) => {}
        }
    }
    found
}

fn faults_of(value: &Value) -> Vec<String> {
    let schema = schema();
    faults(&schema, &schema, value, "")
}

#[test]
fn every_shape_that_is_shipped_is_what_the_schema_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import/shapes");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let shape = Shape::parse(text.as_str()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(shape.name()));
        let found = faults_of(&serde_json::from_str(&text).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        names.push(shape.name().to_owned());
    }
    names.sort();
    let mut shipped: Vec<String> = Shapes::built_in().iter().map(|shape| shape.name().to_owned()).collect();
    shipped.sort();
    assert_eq!(shipped, names, "every definition is embedded, and read");
}

#[test]
fn the_schema_and_the_reader_refuse_the_same() {
    let base = json!({"name": "n", "title": "T", "version": 1, "kind": "session", "recognise": {"has": {"/a": "any"}}});
    let both = |change: &dyn Fn(&mut Value), allowed: bool| {
        let mut value = base.clone();
        change(&mut value);
        let found = faults_of(&value);
        assert_eq!(found.is_empty(), allowed, "{value}: {found:?}");
        assert_eq!(Shape::parse(value.to_string()).is_ok(), allowed, "{value}");
    };
    let set = |key: &'static str, new: Value, allowed: bool| both(&|value| value[key] = new.clone(), allowed);
    both(&|_| (), true);
    for key in ["name", "title", "version", "kind", "recognise"] {
        both(&|value| drop(value.as_object_mut().unwrap().remove(key)), false);
    }
    set("name", json!("A b"), false);
    set("title", json!(""), false);
    set("version", json!(0), false);
    set("version", json!("1"), false);
    set("kind", json!("episode"), false);
    set("stauts", json!("/a"), false);
    set("covers", json!("research"), true);
    set("covers", json!("audio"), false);
    set("words", json!({"fertig": "complete"}), true);
    set("words", json!({"fertig": "done"}), false);
    for field in [
        "id",
        "episode",
        "topic",
        "state",
        "current_stage",
        "created",
        "updated",
        "completed",
        "cost",
        "stages_cost",
        "budget",
        "remaining",
        "percent",
        "stages_completed",
        "stages_total",
        "errors",
        "outputs",
    ] {
        set(field, json!("/a/b"), true);
        set(
            field,
            json!(["/a", {"at": ["/b", "/c"], "unset": [0, ""]}, {"folder": "ep{#}"}, {"file": "{}.json"}]),
            true,
        );
        set(field, json!({"is": "complete", "because": "it is"}), true);
        set(field, json!(3), false);
        set(field, json!({"at": "/a", "unit": "euros"}), false);
        set(field, json!({"at": "/a", "scale": 5}), false);
        set(field, json!({"from": "/a"}), false);
    }
    for key in [
        "status", "started", "ended", "duration", "cost", "budget", "attempts", "agent", "error", "outputs", "order",
        "name",
    ] {
        both(&|value| value["stages"] = json!({"each": "/a/*", key: ["x", ""]}), true);
        both(
            &|value| value["stages"] = json!([{"name": "one", "status": "/a"}, {"each": "/a/*", key: {"key": "{}"}}]),
            true,
        );
    }
    set("stages", json!({"each": "/a/*", "except": "total", "scores": {"*": "x/*"}}), true);
    set("stages", json!({"each": "/a/*", "stauts": "x"}), false);
    set("stages", json!("/a/*"), false);
    set("order", json!(["a", "b"]), true);
    set("order", json!([1]), false);
    set("labels", json!({"a": "A"}), true);
    set("labels", json!({"a": 1}), false);
    set("maps_to", json!({"a": "writing"}), true);
    set("maps_to", json!({"a": "script"}), false);
    set("whole", json!(true), true);
    set("whole", json!(1), false);
    set("last", json!(["a"]), true);
    set("last", json!(true), false);
    set("scores", json!({"a": "/a", "*": {"at": "/b/*", "scale": 10}}), true);
    set("marks", json!({"dry run": "/dry_run"}), true);
    set(
        "recognise",
        json!({"file": ["a.json"], "has": {"/a": "list"}, "lacks": "/b", "is": {"/c": ["x", 1, true, null]}}),
        true,
    );
    set("recognise", json!({"has": {"/a": "array"}}), false);
    set("recognise", json!({"have": {"/a": "any"}}), false);
}
