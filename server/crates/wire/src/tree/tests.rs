use super::*;
use proptest::prelude::*;

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
    assert!(parse(&nested(20_000)).is_err());
    let empty = format!("{}<b/>{}", "<a>".repeat(MAX_DEPTH), "</a>".repeat(MAX_DEPTH));
    assert!(parse(&empty).is_err());
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for xml in [
        // Incomplete documents, and more than one root.
        "",
        "text",
        "<a>",
        "</a>",
        "<a",
        "<a><b></a></b>",
        "<a/><b/>",
        "<a/>text",
        "text<a/>",
        "<a/>&#32;",
        "<a/><![CDATA[]]>",
        "<a></ a>",
        "<a></a b>",
        "<a></a b='1'>",
        // Attributes.
        "<a b/>",
        "<a b=/>",
        "<a b=1/>",
        "<a b='1/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a 'b'/>",
        "<a =\"b\"/>",
        "<a b='<'/>",
        "<a b='&'/>",
        "<a b='&x;'/>",
        "<a b='&#0;'/>",
        "<a b='1' / >",
        "<a / >",
        // Names and prefixes.
        "<1a/>",
        "< a/>",
        "<a!/>",
        "<a 1='1'/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a:/>",
        "<:a/>",
        // Characters, literally and by reference.
        "<a>\0</a>",
        "<a>\u{1}</a>",
        "<a>\u{1f}</a>",
        "<a>\u{fffe}</a>",
        "<a b='\u{8}'/>",
        "<a><!-- \u{b} --></a>",
        "<a><![CDATA[\0]]></a>",
        "<a><?b \0?></a>",
        "<a>\0</a>\0",
        "<a>&#0;</a>",
        "<a>&#1;</a>",
        "<a>&#x1F;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#X41;</a>",
        "<a>&#+65;</a>",
        // Text and references.
        "<a>]]></a>",
        "<a>&</a>",
        "<a>& </a>",
        "<a>&b;</a>",
        "<a>&amp</a>",
        "<a>b & c</a>",
        // Comments and instructions.
        "<a><!-- b -- c --></a>",
        "<a><!-- b ---></a>",
        "<a><!-- b</a>",
        "<a><!b></a>",
        "<a><?xml b?></a>",
        "<a><?XML b?></a>",
        "<a><??></a>",
        "<a><? b?></a>",
        "<a><?1?></a>",
        "<a/><?xml version='1.0'?>",
        "<!-- b --><?xml version='1.0'?><a/>",
        "<?xml?><a/>",
        "<?xml version='1.0'?><?xml version='1.0'?><a/>",
        "\u{feff}\u{feff}<a/>",
        "<a/>\u{feff}",
        // Document types.
        "<a/><!DOCTYPE a>",
        "<a><!DOCTYPE a></a>",
        "<!DOCTYPE a><!DOCTYPE a><a/>",
        "<!doctype a><a/>",
        "<!DOCTYPE><a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM \"b.dtd\"><a>&b;</a>",
        "<!DOCTYPE a []><a/>",
    ] {
        assert!(parse(xml).is_err(), "{xml:?}");
    }
}

#[test]
fn what_is_well_formed_is_read() {
    for xml in [
        " \n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a/>\n ",
        "\u{feff}<?xml version='1.0'?><!-- b - c --><?b c?><a></a ><!----><?b?>",
        " \u{feff}\n<?xml version='1.0'?><a/>",
        "<!DOCTYPE a SYSTEM \"http://em:8080/emservice/jsp/LoginQuery.dtd\"><a/>",
        "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<a/>",
        "<a b='1' c = \"it's > &lt; &#xA; 2\"\n/>",
        "<p:a xmlns:p='u' p:b='1' b='2' xml:space='preserve'><p:b xmlns='v'><c/></p:b></p:a>",
        "<a>&#x9;&#10;&#xE000;\u{85}\u{10ffff}&quot;&apos;]] >]]&gt;</a>",
        "<a><![CDATA[<>&]] >]]]]><![CDATA[>]]></a>",
        "<é-1._·/>",
    ] {
        assert!(parse(xml).is_ok(), "{xml:?}: {:?}", parse(xml));
    }
    assert_eq!(parse("<p:a xmlns:p='u'/>").unwrap().name, "a");
}

#[test]
fn text_is_unescaped_and_trimmed() {
    let root = parse(
        "<?xml version=\"1.0\"?>\n<a>\n <b> x &amp; &#xAC00;<!-- no --><![CDATA[<]]> </b></a>",
    );
    assert_eq!(root.unwrap().child("b").unwrap().text(), "x & 가<");
}

#[test]
fn attributes_are_kept_by_their_local_names() {
    let root =
        parse("<a xmlns='u' xmlns:p='v' id='1 &amp; &quot;2' p:code=\" 3 \" id2=''/>").unwrap();
    assert_eq!(root.attribute("id"), Some("1 & \"2"));
    assert_eq!(root.attribute("code"), Some(" 3 "));
    assert_eq!(root.attribute("id2"), Some(""));
    assert_eq!(root.attribute("xmlns").or(root.attribute("p")), None, "they bind a prefix");
    assert_eq!(root.shown(), "<a/>");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(xml in ".{0,400}") {
        let _ = parse(&xml);
    }

    #[test]
    fn anything_like_xml_is_read_or_refused(xml in "(<[a-c/!?]{0,3}>?|&[a-z#0-9]{0,4};?|[ x]|]]>|<!\\[CDATA\\[){0,80}") {
        let _ = parse(&xml);
    }

    #[test]
    fn any_text_comes_through(text in "[^\u{0}-\u{8}\u{b}-\u{1f}\u{fffe}\u{ffff}\r]{0,40}") {
        let root = parse(&format!("<a>{}</a>", quick_xml::escape::escape(&text))).unwrap();
        prop_assert_eq!(root.text(), text.trim());
    }
}

#[test]
fn a_document_has_as_many_elements_as_a_request_can_need() {
    let document = |count: usize| format!("<a>{}</a>", "<b/>".repeat(count));
    assert!(parse(&document(MAX_ELEMENTS - 1)).is_ok());
    assert_eq!(parse(&document(MAX_ELEMENTS)), Err(NotUnderstood::TooLarge));
}
