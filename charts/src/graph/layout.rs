//! Where nodes stand: in columns, so that links run from left to right as far as they can (Sugiyama, Tagawa & Toda
//! 1981). The same input gives the same places: there is no chance in it.

use crate::Within;
use mops_core::list::List;

/// Height of a node whose name is in one line, and in two.
const LOW: f64 = 28.0;
const TALL: f64 = 38.0;
/// Room between nodes of a column, and for a link that passes through it.
const GAP: f64 = 10.0;
const PASS: f64 = 12.0;
/// Narrowest and widest node, and the room between columns.
const NARROWEST: f64 = 108.0;
const WIDEST: f64 = 190.0;
const BETWEEN: f64 = 52.0;
const FARTHEST: f64 = 200.0;
const SWEEPS: usize = 8;

/// A node's place.
pub struct Place {
    pub node: usize,
    pub column: usize,
    pub row: usize,
    pub x: f64,
    pub y: f64,
}

/// Where a link passes: the left upper corners of its ends, and the left ends of its stops on the way.
pub struct Path {
    pub stops: Vec<(f64, f64)>,
}

/// Places and paths.
pub struct Layout {
    /// In the order of columns and rows.
    pub places: Vec<Place>,
    /// One for each link.
    pub paths: Vec<Path>,
    /// How wide and high nodes are.
    pub wide: f64,
    pub high: f64,
    pub height: f64,
}

/// What stands in a column: a node, or a link passing through.
struct Item {
    column: usize,
    /// Neighbours in the columns before and after.
    before: Vec<usize>,
    after: Vec<usize>,
    y: f64,
    /// What it takes of its column's height.
    room: f64,
}

impl Item {
    fn new(column: usize, room: f64) -> Self {
        Self { column, before: Vec::new(), after: Vec::new(), y: 0.0, room }
    }
}

impl Layout {
    /// Places nodes and links, given as pairs of nodes, in a width; a node needs `room` for its name in one line.
    pub fn new(nodes: usize, links: &[(usize, usize)], width: f64, room: f64) -> Self {
        let is_linked: Vec<bool> =
            (0..nodes).map(|node| links.iter().any(|(from, to)| from != to && (*from == node || *to == node))).list();
        let most = (((width + BETWEEN) / (NARROWEST + BETWEEN)) as usize).max(1);
        let (columns, count) = columns(nodes, links, &is_linked, most);
        // Arrows that stay in a column lean out at the right.
        let lean = if links.iter().any(|(from, to)| columns[*from] == columns[*to]) { super::LEAN + 6.0 } else { 0.0 };
        let wide = (width - lean - BETWEEN * (count - 1) as f64) / count as f64;
        let wide = wide.min(room.within(NARROWEST, WIDEST)).max(40.0);
        let high = if wide < room { TALL } else { LOW };
        let step = (width - lean - wide) / (count.max(2) - 1) as f64;
        let step = step.min(wide + FARTHEST);
        let left = ((width - lean - wide - step * (count - 1) as f64) / 2.0).max(0.0);

        let mut items: Vec<Item> = columns.iter().map(|column| Item::new(*column, high + GAP)).list();
        // Links over more than one column get a stop in each, so that they pass between nodes and not behind them.
        let stops: Vec<Vec<usize>> = links.iter().map(|link| stops(&mut items, *link)).list();
        let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (index, item) in items.iter().enumerate() {
            if index >= nodes || is_linked[index] {
                order[item.column].push(index);
            }
        }
        for sweep in 0..SWEEPS {
            untangle(&mut items, &mut order, sweep % 2 == 0);
        }
        let mut height = settle(&mut items, &order);

        let x = |column: usize| left + step * column as f64;
        let mut places = Vec::new();
        for column in &order {
            for (row, index) in column.iter().filter(|index| **index < nodes).enumerate() {
                let Item { column, y, .. } = items[*index];
                places.push(Place { node: *index, column, row, x: x(column), y });
            }
        }
        // What is linked to nothing stands beneath, in lines.
        let alone: Vec<usize> = (0..nodes).filter(|node| !is_linked[*node]).list();
        let per_line = (((width - lean + GAP) / (wide + GAP)) as usize).max(1);
        let top = if height > 0.0 { height + 2.0 * GAP } else { 0.0 };
        for (at, node) in alone.iter().enumerate() {
            let (column, row) = (at % per_line, at / per_line);
            let y = top + row as f64 * (high + GAP);
            items[*node].y = y;
            height = y + high;
            let below = order.iter().map(Vec::len).max().unwrap_or(0);
            places.push(Place { node: *node, column, row: below + row, x: column as f64 * (wide + GAP), y });
        }
        let corner = |index: usize| {
            let place = places.iter().find(|place| place.node == index);
            place.map_or((x(items[index].column), items[index].y), |place| (place.x, place.y))
        };
        let paths = stops.iter().map(|stops| Path { stops: stops.iter().map(|index| corner(*index)).list() }).list();
        Self { places, paths, wide, high, height }
    }
}

/// The column of each node, and how many columns there are.
fn columns(nodes: usize, links: &[(usize, usize)], is_linked: &[bool], most: usize) -> (Vec<usize>, usize) {
    let forward = without_cycles(nodes, links);
    let mut column = vec![0_usize; nodes];
    // As far to the left as what leads to it allows. Without cycles, that ends after as many rounds as there are nodes.
    for _ in 0..nodes {
        let mut moved = false;
        for (from, to) in &forward {
            if column[*to] <= column[*from] {
                column[*to] = column[*from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    // What nothing leads to stands right before what it leads to first.
    for node in 0..nodes {
        if !forward.iter().any(|(_, to)| *to == node)
            && let Some(next) = forward.iter().filter(|(from, _)| *from == node).map(|(_, to)| column[*to]).min()
        {
            column[node] = next.saturating_sub(1);
        }
    }
    let count = (0..nodes).filter(|node| is_linked[*node]).map(|node| column[node] + 1).max().unwrap_or(1);
    // Too many for the width: neighbours between which least is linked become one.
    for count in (most + 1..=count).rev() {
        let between =
            |at: usize| forward.iter().filter(|(from, to)| column[*from] == at && column[*to] == at + 1).count();
        let size = |at: usize| column.iter().filter(|column| **column == at || **column == at + 1).count();
        let at = (0..count - 1).min_by_key(|at| (between(*at), size(*at))).unwrap_or(0);
        for column in column.iter_mut().filter(|column| **column > at) {
            *column -= 1;
        }
    }
    (column, count.min(most))
}

/// The links, those turned around that close a cycle.
fn without_cycles(nodes: usize, links: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // 0: not seen, 1: on the way, 2: done.
    let mut seen = vec![0_u8; nodes];
    let mut turned = vec![false; links.len()];
    // What nothing leads to comes first, so that cycles are cut where they lead back.
    let is_start = |node: &usize| !links.iter().any(|(from, to)| to == node && from != node);
    let starts = (0..nodes).filter(is_start).chain((0..nodes).filter(|node| !is_start(node)));
    for start in starts {
        // Nodes on the way, each with the link to look at next.
        let mut way = vec![(start, 0_usize)];
        if seen[start] != 0 {
            continue;
        }
        seen[start] = 1;
        while let Some((node, next)) = way.last_mut() {
            let node = *node;
            let Some(link) = (*next..links.len()).find(|link| links[*link].0 == node) else {
                seen[node] = 2;
                way.pop();
                continue;
            };
            *next = link + 1;
            let to = links[link].1;
            match seen[to] {
                0 => {
                    seen[to] = 1;
                    way.push((to, 0));
                }
                1 => turned[link] = true,
                _ => {}
            }
        }
    }
    let directed = links.iter().zip(turned).filter(|((from, to), _)| from != to);
    directed.map(|((from, to), turned)| if turned { (*to, *from) } else { (*from, *to) }).list()
}

/// Adds the stops of a link on its way and gives the items that it passes, ends included.
fn stops(items: &mut Vec<Item>, (from, to): (usize, usize)) -> Vec<usize> {
    if from == to {
        return vec![from];
    }
    let (first, last) = (items[from].column, items[to].column);
    let mut passed = vec![from];
    let between: Vec<usize> = if first < last { (first + 1..last).list() } else { (last + 1..first).rev().list() };
    for column in between {
        items.push(Item::new(column, PASS));
        passed.push(items.len() - 1);
    }
    passed.push(to);
    if first != last {
        for pair in passed.windows(2) {
            let (left, right) = if first < last { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            items[left].after.push(right);
            items[right].before.push(left);
        }
    }
    passed
}

/// Orders each column by the middle of its neighbours in the column before it (or after it, on the way back).
fn untangle(items: &mut [Item], order: &mut [Vec<usize>], forth: bool) {
    let count = order.len();
    for at in 0..count {
        let column = &mut order[if forth { at } else { count - 1 - at }];
        let mut keyed: Vec<(f64, usize)> = Vec::new();
        for index in column.iter() {
            let around = if forth { &items[*index].before } else { &items[*index].after };
            keyed.push((middle(items, around).unwrap_or(items[*index].y), *index));
        }
        // By insertion: columns are short, and the library's sort is 3 KB.
        for end in 1..keyed.len() {
            for at in (1..=end).rev() {
                if keyed[at].0 < keyed[at - 1].0 {
                    keyed.swap(at, at - 1);
                }
            }
        }
        let mut y = 0.0;
        for (slot, (_, index)) in column.iter_mut().zip(&keyed) {
            *slot = *index;
            items[*index].y = y;
            y += items[*index].room;
        }
    }
}

/// The mean height of some items.
fn middle(items: &[Item], around: &[usize]) -> Option<f64> {
    (!around.is_empty()).then(|| around.iter().map(|index| items[*index].y).sum::<f64>() / around.len() as f64)
}

/// Moves items towards their neighbours without changing their order, and says how high the whole is.
fn settle(items: &mut [Item], order: &[Vec<usize>]) -> f64 {
    let heights: Vec<f64> =
        order.iter().map(|column| column.iter().map(|index| items[*index].room).sum::<f64>()).list();
    let whole = heights.iter().copied().fold(0.0, f64::max);
    // From the middle of the picture.
    for (column, height) in order.iter().zip(heights) {
        let free = (whole - height) / 2.0;
        for index in column {
            items[*index].y += free;
        }
    }
    for round in 0..SWEEPS {
        for at in 0..order.len() {
            let column = &order[if round % 2 == 0 { at } else { order.len() - 1 - at }];
            let wished: Vec<f64> = column
                .iter()
                .map(|index| {
                    let item = &items[*index];
                    match (middle(items, &item.before), middle(items, &item.after)) {
                        (Some(before), Some(after)) => (before + after) / 2.0,
                        (before, after) => before.or(after).unwrap_or(item.y),
                    }
                })
                .list();
            // The nearest places by squares in which nothing overlaps (isotonic regression by pooling neighbours): what
            // wishes to stand too close stands together around the middle of its wishes.
            let mut groups: Vec<(f64, usize)> = Vec::new();
            let mut above = 0.0;
            for (index, wish) in column.iter().zip(wished) {
                let mut group = (wish - above, 1);
                above += items[*index].room;
                while let Some((sum, size)) =
                    groups.pop_if(|(sum, size)| *sum / *size as f64 > group.0 / group.1 as f64)
                {
                    group = (group.0 + sum, group.1 + size);
                }
                groups.push(group);
            }
            let free = (whole - above).max(0.0);
            let (mut above, mut rest) = (0.0, column.iter());
            for (sum, size) in groups {
                let start = (sum / size as f64).within(0.0, free);
                for index in rest.by_ref().take(size) {
                    items[*index].y = start + above;
                    above += items[*index].room;
                }
            }
        }
    }
    let low = items.iter().enumerate().filter(|(index, _)| order.iter().any(|column| column.contains(index)));
    low.map(|(_, item)| item.y + item.room - GAP).fold(0.0, f64::max)
}
