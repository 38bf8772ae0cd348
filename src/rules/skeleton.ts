/** A new rule, ready to be filled in: it is whole and passes its own test, so that the author changes one thing at a time. */
export function ruleSkeleton(id: string): string {
  return `# yaml-language-server: $schema=../rule.schema.json
title: What is wrong, in one line
severity: medium            # critical, high, medium, low; info is a notice
status: experimental        # stable when it has been seen in a real log
confidence: medium          # how sure the diagnosis is when the rule matches
products: [Jira]
tags: []
match:
  all:
    - text: "replace this: a text that every such record contains"
groupBy: []                 # captures that tell two incidents apart, such as http.host
cause: >-
  Why it happens.
solutions:
  - summary: What to do, in one line
    steps:
      - The first step.
references: []              # - { title: ..., url: https://... }
notThisIf: What looks alike and is another problem.
examples:
  matches:
    - log: |
        2026-11-20 09:14:03,118+0000 http-nio-8080-exec-7 ERROR jdoe 554x1234x1 1a2b3c 192.0.2.7 /rest/api/2/issue [c.e.Example] replace this: a text that every such record contains
  ignores:
    - log: |
        2026-11-20 09:14:03,118+0000 http-nio-8080-exec-7 INFO jdoe 554x1234x1 1a2b3c 192.0.2.7 /rest/api/2/issue [c.e.Example] everything is fine
      because: Says what a near-miss is and why it is none.
# ${id}: test it with  logscan rules test <this file>
`;
}

export function packSkeleton(name: string): string {
  return `title: ${name}
version: "1"
markers: {}
`;
}
