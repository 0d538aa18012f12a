//! XML as elements in elements: white space around elements is nothing, elements of one name are a list.

use quick_xml::events::Event;

use super::Tree;

/// Reads XML text: the name of the root and what is in it.
///
/// # Errors
/// The text is no XML, or has attributes, or text beside elements: the services use neither.
pub fn read(text: &str) -> Result<(String, Tree), String> {
    let mut events = quick_xml::Reader::from_str(text);
    loop {
        match next(&mut events)? {
            Event::Start(start) => {
                let name = name(&start)?;
                let inside = element(&mut events)?;
                return end(&mut events).map(|()| (name, inside));
            }
            Event::Empty(start) => {
                let name = name(&start)?;
                return end(&mut events).map(|()| (name, Tree::Text(String::new())));
            }
            Event::Eof => return Err("no XML: there is no element".to_owned()),
            Event::Text(text) if !text.trim().is_empty() => return Err("no XML: it begins with text".to_owned()),
            _ => {}
        }
    }
}

fn next<'a>(events: &mut quick_xml::Reader<&'a [u8]>) -> Result<Event<'a>, String> {
    events.read_event().map_err(|error| format!("no XML at byte {}: {error}", events.error_position()))
}

fn end(events: &mut quick_xml::Reader<&[u8]>) -> Result<(), String> {
    loop {
        match next(events)? {
            Event::Eof => return Ok(()),
            Event::Comment(_) => {}
            Event::Text(text) if text.trim().is_empty() => {}
            _ => return Err("no XML: there is more behind the root element".to_owned()),
        }
    }
}

fn name(start: &quick_xml::events::BytesStart<'_>) -> Result<String, String> {
    let name = start.name().into_inner().to_owned();
    if start.attributes().next().is_some() {
        return Err(format!("the element <{name}> has attributes, which are not compared"));
    }
    Ok(name)
}

/// What stands up to the end of the element that was just begun.
fn element(events: &mut quick_xml::Reader<&[u8]>) -> Result<Tree, String> {
    let mut text = String::new();
    let mut children: Vec<(String, Tree)> = Vec::new();
    loop {
        match next(events)? {
            Event::Start(start) => {
                let name = name(&start)?;
                let inside = element(events)?;
                add(&mut children, name, inside);
            }
            Event::Empty(start) => add(&mut children, name(&start)?, Tree::Text(String::new())),
            Event::End(_) => break,
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::CData(piece) => text.push_str(&piece.into_inner()),
            Event::GeneralRef(reference) => {
                let known = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned),
                };
                text.push_str(&known.ok_or_else(|| format!("no XML: the entity &{};", &*reference))?);
            }
            Event::Eof => return Err("no XML: it ends inside an element".to_owned()),
            _ => {}
        }
    }
    if children.is_empty() {
        return Ok(Tree::Text(text));
    }
    if !text.trim().is_empty() {
        return Err(format!("the text {:?} stands beside elements", text.trim()));
    }
    Ok(Tree::Object(children))
}

fn add(children: &mut Vec<(String, Tree)>, name: String, value: Tree) {
    match children.iter_mut().find(|(known, _)| *known == name) {
        Some((_, Tree::List(items))) => items.push(value),
        Some((_, single)) => {
            let first = std::mem::replace(single, Tree::Nothing);
            *single = Tree::List(vec![first, value]);
        }
        None => children.push((name, value)),
    }
}

/// XML text without white space.
pub fn write(root: &str, tree: &Tree) -> String {
    let mut out = String::new();
    write_into(root, tree, &mut out);
    out
}

fn write_into(name: &str, tree: &Tree, out: &mut String) {
    if let Tree::List(items) = tree {
        return items.iter().for_each(|item| write_into(name, item, out));
    }
    out.push_str(&format!("<{name}>"));
    match tree {
        Tree::Object(members) => members.iter().for_each(|(name, value)| write_into(name, value, out)),
        Tree::Text(text) | Tree::Number(text) => out.push_str(&quick_xml::escape::partial_escape(text.as_str())),
        Tree::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Tree::Nothing | Tree::List(_) => {}
    }
    out.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let (root, tree) =
            read("<?xml version=\"1.0\"?>\n<R>\n <a>1 &amp; &#65;</a>\n <b/>\n <a><![CDATA[<]]></a></R>\n")
                .expect("XML");
        assert_eq!(root, "R");
        assert_eq!(tree.at("a[0]"), Some(&Tree::Text("1 & A".to_owned())));
        assert_eq!(write(&root, &tree), "<R><a>1 &amp; A</a><a>&lt;</a><b></b></R>");
        for bad in ["<a>", "<a></b>", "text", "<a x='1'/>", "<a>t<b/></a>", "<a/><b/>"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
