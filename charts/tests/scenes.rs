//! What holds for every scene, ordinary or awkward, at every width and in both directions; and pictures of them.
//!
//! `UPDATE_EXPECT=1 cargo test -p mops-charts` writes the snapshots anew; look at the difference before committing.

mod views;

use mops_charts::context::approximate_width;
use mops_charts::svg::{self, Palette};
use mops_charts::{Anchor, Mark, Role, Scene, Target};
use std::collections::HashSet;
use views::WIDTHS;

/// Left, top, right, bottom.
type Bounds = [f64; 4];

fn bounds(mark: &Mark) -> Bounds {
    match mark {
        Mark::Rect { x, y, width, height, .. } => [*x, *y, x + width, y + height],
        Mark::Circle { x, y, radius, .. } => [x - radius, y - radius, x + radius, y + radius],
        Mark::Line { points, .. } | Mark::Area { points, .. } => points.iter().fold(
            [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY],
            |[left, top, right, bottom], (x, y)| [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)],
        ),
        Mark::Text { x, y, text, size, weight, anchor, .. } => {
            let width = approximate_width(text, *size, *weight);
            let left = match anchor {
                Anchor::Left => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::Right => x - width,
            };
            [left, y - size * 0.8, left + width, y + size * 0.2]
        }
    }
}

fn every_scene(check: impl Fn(&str, &Scene)) {
    for width in WIDTHS.into_iter().chain([0.0, 120.0, 300.0, 461.0, 620.0, f64::NAN]) {
        for rtl in [false, true] {
            for (name, scene) in views::scenes(width, rtl) {
                check(&format!("{name} at {width}, rtl {rtl}"), &scene);
            }
        }
    }
}

#[test]
fn every_mark_is_finite_and_inside_the_box() {
    every_scene(|name, scene| {
        assert!(scene.width > 0.0 && scene.height > 0.0 && scene.height.is_finite(), "{name}");
        for mark in &scene.marks {
            let [left, top, right, bottom] = bounds(mark);
            let inside = left >= -0.51 && top >= -0.51 && right <= scene.width + 0.51 && bottom <= scene.height + 0.51;
            assert!(inside && right >= left && bottom >= top, "{name}: {mark:?} in {} × {}", scene.width, scene.height);
        }
    });
}

#[test]
fn no_two_texts_overlap() {
    every_scene(|name, scene| {
        let texts: Vec<&Mark> = scene.marks.iter().filter(|mark| matches!(mark, Mark::Text { .. })).collect();
        for (index, one) in texts.iter().enumerate() {
            let [left, top, right, bottom] = bounds(one);
            for other in &texts[index + 1..] {
                let [other_left, other_top, other_right, other_bottom] = bounds(other);
                let apart = right <= other_left + 0.5
                    || other_right <= left + 0.5
                    || bottom <= other_top + 0.5
                    || other_bottom <= top + 0.5;
                assert!(apart, "{name}: {one:?} and {other:?}");
            }
        }
    });
}

#[test]
fn every_scene_says_what_it_shows() {
    every_scene(|name, scene| {
        assert!(!scene.title.is_empty() && scene.description.ends_with('.'), "{name}: {}", scene.description);
        assert!(
            scene
                .marks
                .iter()
                .any(|mark| matches!(mark, Mark::Text { .. }) || mark.role() == Role::Line || mark.role() == Role::Dot),
            "{name} shows nothing"
        );
    });
}

#[test]
fn every_target_begins_with_what_catches_the_pointer() {
    every_scene(|name, scene| {
        let mut seen = HashSet::new();
        for mark in &scene.marks {
            if let Some(target) = mark.target()
                && seen.insert(target)
            {
                assert_eq!(mark.role(), Role::Hit, "{name}: {target:?}");
            }
        }
    });
}

#[test]
fn cut_texts_keep_the_whole() {
    every_scene(|name, scene| {
        for mark in &scene.marks {
            if let Mark::Text { text, full, .. } = mark {
                assert!(!text.is_empty(), "{name}");
                assert_eq!(text.ends_with('…'), full.is_some(), "{name}: {text}");
            }
        }
    });
}

#[test]
fn stages_and_steps_can_all_be_reached() {
    for width in WIDTHS {
        for (name, view) in views::funnels() {
            let scenes = views::scenes(width, false);
            let (_, scene) = scenes.iter().find(|(of, _)| *of == format!("funnel-{name}")).unwrap();
            for index in 0..view.stages.len() as u32 {
                assert!(scene.marks.iter().any(|mark| mark.target() == Some(Target::Stage(index))), "{name}");
                let step = scene.marks.iter().any(|mark| mark.target() == Some(Target::Step(index)));
                assert_eq!(step, index as usize + 1 < view.stages.len(), "{name}");
            }
        }
    }
}

#[test]
fn the_leak_stands_out_and_is_named() {
    for width in WIDTHS {
        let (_, scene) = views::scenes(width, false).swap_remove(0);
        let leaks: Vec<_> = scene.marks.iter().filter(|mark| mark.role() == Role::Leak).collect();
        assert_eq!(leaks.len(), 1);
        assert_eq!(leaks[0].target(), Some(Target::Stage(2)));
        let named = scene.marks.iter().any(|mark| {
            matches!(mark, Mark::Text { text, role: Role::LeakLabel, target: Some(Target::Step(1)), .. } if text.contains("37 "))
        });
        assert!(named, "at {width}");
    }
}

#[test]
fn unknown_is_blank_and_none_is_zero() {
    let scenes = views::scenes(800.0, false);
    let count = |of: &str, role: Role| {
        let (_, scene) = scenes.iter().find(|(name, _)| name == of).unwrap();
        scene.marks.iter().filter(|mark| mark.role() == role && matches!(mark, Mark::Rect { .. })).count()
    };
    // Of 4 × 4 cells, 10 are old enough; all of those are known to be 0.
    assert_eq!(count("matrix-all-zero", Role::Cell(0)), 10);
    assert_eq!(count("matrix-all-zero", Role::CellBlank), 6);
    // The line breaks where the figure is undefined: 12 months without 4 make 4 runs and one lone point.
    let (_, scene) = scenes.iter().find(|(name, _)| name == "trend-undefined-in-the-middle").unwrap();
    let solid = |mark: &&Mark| matches!(mark, Mark::Line { role: Role::Line, dashed: false, .. });
    assert_eq!(scene.marks.iter().filter(solid).count(), 3);
    let dashed = |mark: &&Mark| matches!(mark, Mark::Line { role: Role::Line, dashed: true, .. });
    assert_eq!(scene.marks.iter().filter(dashed).count(), 1);
}

#[test]
fn right_to_left_is_the_mirror_image() {
    for ((name, one), (_, other)) in views::scenes(400.0, false).iter().zip(views::scenes(400.0, true)) {
        assert_eq!(one.marks.len(), other.marks.len(), "{name}");
        for (one, other) in one.marks.iter().zip(&other.marks) {
            let ([left, top, ..], [_, other_top, other_right, _]) = (bounds(one), bounds(other));
            assert!((400.0_f64.min(views_width(name)) - left - other_right).abs() < 1e-6, "{name}: {one:?} {other:?}");
            assert_eq!(top, other_top);
        }
    }
}

/// Sparklines are never wider than 240 px here.
fn views_width(name: &str) -> f64 {
    if name.starts_with("sparkline") { 240.0 } else { 400.0 }
}

#[test]
fn pictures_are_as_they_were() {
    for (width, rtl) in [(240.0, false), (400.0, false), (400.0, true), (800.0, false), (1280.0, false)] {
        for (name, scene) in views::scenes(width, rtl) {
            let direction = if rtl { "-rtl" } else { "" };
            let file = format!("{}/tests/snapshots/{name}-{width}{direction}.svg", env!("CARGO_MANIFEST_DIR"));
            // Every case at one width, the ordinary ones at all and mirrored.
            if (width == 400.0 && !rtl) || name.ends_with("-ordinary") {
                expect_test::expect_file![file].assert_eq(&svg::to_string(&scene, &Palette::LIGHT));
            }
        }
    }
}
