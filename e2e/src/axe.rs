//! axe-core in the page: what it finds against WCAG 2.2 AA.

use std::fmt;

use serde_json::Value;

use crate::checkout;
use crate::page::Page;

/// One rule that the page breaks.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's name.
    pub rule: String,
    /// How bad: minor, moderate, serious, critical.
    pub impact: String,
    /// The elements, as CSS selectors with what is wrong.
    pub places: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({}): {}",
            self.rule,
            self.impact,
            self.places.join("; ")
        )
    }
}

const RUN: &str = "const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
   .then(result => done({ passes: result.passes.length, violations: result.violations.map(v => ({ rule: v.id, impact: v.impact,
      places: v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary.replace(/\\s+/g, ' '))})) }),
         error => done({ error: String(error) }));";

impl Page {
    /// What axe-core finds serious or critical on the page as it is now.
    ///
    /// # Panics
    /// If axe-core is not installed or cannot run in the page.
    pub async fn serious_findings(&self) -> Vec<Finding> {
        let path = checkout().join("ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{}: run \"make setup\"", path.display()));
        if self.run("return typeof axe", vec![]).await == "undefined" {
            self.run(&source, vec![]).await;
        }
        let result = self.run_async(RUN, vec![]).await;
        assert!(
            result["passes"].as_u64().is_some_and(|passes| passes > 0),
            "axe-core did not run: {result}"
        );
        let findings = result["violations"]
            .as_array()
            .into_iter()
            .flatten()
            .map(finding);
        findings
            .filter(|finding| ["serious", "critical"].contains(&finding.impact.as_str()))
            .collect()
    }
}

fn finding(violation: &Value) -> Finding {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Finding {
        rule: text(&violation["rule"]),
        impact: text(&violation["impact"]),
        places: violation["places"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect(),
    }
}
