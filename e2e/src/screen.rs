//! What is on a display, read from the file in which Xvfb keeps it: no request to the server, no
//! picture, no driver.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The display's contents as they change.
#[derive(Debug)]
pub struct Screen {
    file: File,
    start: u64,
    line: u64,
    height: u64,
}

/// Every fourth line of the screen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Vec<u8>);

/// Enough lines that no control can change unseen, few enough that looking costs next to nothing.
const LINES_APART: u64 = 4;

const BYTES_PER_PIXEL: usize = 4;

impl Screen {
    /// Names the file that shows what is on a private display.
    pub const VARIABLE: &str = "GRAPH_CONNECT_SCREEN";

    /// Reads the head of an XWD file: its own size, the picture's, and the number of colours
    /// between head and pixels.
    pub(crate) fn open(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let field = |index: u64| {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4)
                .expect("an XWD head");
            u64::from(u32::from_be_bytes(bytes))
        };
        let (head, height, line, colours) = (field(0), field(5), field(12), field(19));
        Self {
            file,
            start: head + colours * 12,
            line,
            height,
        }
    }

    /// What is on it now.
    ///
    /// # Panics
    /// If the display has ended.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let line = usize::try_from(self.line).expect("a line fits into memory");
        let count = usize::try_from(self.height / LINES_APART).expect("so does a screen");
        let mut pixels = vec![0; line * count];
        for (at, part) in (0_u64..).zip(pixels.chunks_mut(line)) {
            self.file
                .read_exact_at(part, self.start + at * LINES_APART * self.line)
                .expect("the display is there");
        }
        Frame(pixels)
    }
}

impl Screen {
    /// A picture, as PNG, of the part that is not the display's own black background: the window
    /// with all that is over it.
    ///
    /// # Panics
    /// If the display has ended or nothing is on it.
    #[must_use]
    pub fn picture(&self) -> Vec<u8> {
        let [line, height] = [self.line, self.height]
            .map(|size| usize::try_from(size).expect("a screen fits into memory"));
        let mut pixels = vec![0; line * height];
        self.file
            .read_exact_at(&mut pixels, self.start)
            .expect("the display is there");
        let lit = |x: usize, y: usize| pixels[y * line + x * BYTES_PER_PIXEL..][..3] != [0, 0, 0];
        let width = line / BYTES_PER_PIXEL;
        let columns: Vec<usize> = (0..width)
            .filter(|x| (0..height).any(|y| lit(*x, y)))
            .collect();
        let rows: Vec<usize> = (0..height)
            .filter(|y| (0..width).any(|x| lit(x, *y)))
            .collect();
        let ([left, .., right], [top, .., bottom]) = (&columns[..], &rows[..]) else {
            panic!("nothing is on the display")
        };
        let picture: Vec<u8> = (*top..=*bottom)
            .flat_map(|y| (*left..=*right).map(move |x| y * line + x * BYTES_PER_PIXEL))
            .flat_map(|at| [pixels[at + 2], pixels[at + 1], pixels[at]])
            .collect();
        png(right - left + 1, bottom - top + 1, &picture)
    }
}

fn png(width: usize, height: usize, rgb: &[u8]) -> Vec<u8> {
    let size = |length: usize| u32::try_from(length).expect("a picture is not that large");
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size(width), size(height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder
        .write_header()
        .expect("memory takes what is written");
    writer
        .write_image_data(rgb)
        .expect("memory takes what is written");
    drop(writer);
    bytes
}

impl Frame {
    /// Whether all but one pixel in a thousand are the same: a blinking caret does not count, a
    /// line of text does.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let pairs = self
            .0
            .chunks(BYTES_PER_PIXEL)
            .zip(other.0.chunks(BYTES_PER_PIXEL));
        pairs.filter(|(one, two)| one != two).count() * 1000 <= self.0.len() / BYTES_PER_PIXEL
    }
}
