import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classTest, frameTest, loggerTest } from '../../src/matches/names.js';

type Case = readonly [name: string, wanted: string, printed: string, holds: boolean];

const EVERYWHERE: readonly Case[] = [
  ['the same name', 'com.acme.rest.Foo', 'com.acme.rest.Foo', true],
  ['packages before a short name', 'rest.Foo', 'com.acme.rest.Foo', true],
  ['a name without packages', 'Foo', 'com.acme.Foo', true],
  ['packages shortened in the log', 'com.acme.rest.Foo', 'c.a.rest.Foo', true],
  ['packages shortened to two letters', 'com.acme.rest.Foo', 'co.ac.re.Foo', true],
  ['packages shortened in the rule', 'c.a.rest.Foo', 'com.acme.rest.Foo', true],
  ['another class', 'com.acme.Foo', 'com.acme.Bar', false],
  ['another package', 'com.acme.Foo', 'com.evil.Foo', false],
  ['the class name is never shortened', 'com.acme.Foo', 'com.acme.F', false],
  ['a class name that only ends alike', 'acme.Foo', 'acme.BigFoo', false],
  ['a class name that only begins alike', 'acme.Foo', 'acme.FooBar', false],
  ['a package that only begins alike', 'com.acme.rest.Foo', 'com.acme.restricted.Foo', false],
  ['java is no short javax', 'java.mail.SendException', 'javax.mail.SendException', false],
  ['letter case counts', 'com.acme.Foo', 'com.acme.foo', false],
  ['inner classes have names of their own', 'com.acme.Outer', 'com.acme.Outer$Inner', false],
  ['an inner class', 'acme.Outer$Inner', 'com.acme.Outer$Inner', true],
  ['an empty part is no abbreviation', 'com.acme.Foo', 'com..Foo', false],
  ['a glob of a package', 'com.acme.*', 'com.acme.rest.Foo', true],
  ['a glob in the middle', 'com.*.Foo', 'com.acme.rest.Foo', true],
  ['a glob is the whole name', 'acme.*', 'com.acme.Foo', false],
  ['a glob does not know abbreviations', 'com.acme.*', 'c.a.Foo', false],
];

const LOGGERS: readonly Case[] = [
  ['a log that prints only the class', 'com.acme.rest.Foo', 'Foo', true],
  ['a log that prints the last two parts', 'com.acme.rest.Foo', 'rest.Foo', true],
];

const CLASSES: readonly Case[] = [
  ['a class without its package is another one', 'com.acme.rest.Foo', 'Foo', false],
  ['a class with half of its package is another one', 'com.acme.rest.Foo', 'rest.Foo', false],
];

const FRAMES: readonly Case[] = [
  ['a class', 'com.acme.Sync', 'com.acme.Sync.merge(Sync.java:88)', true],
  ['a method', 'com.acme.Sync.merge', 'com.acme.Sync.merge(Sync.java:88)', true],
  ['a method by its last parts', 'Sync.merge', 'com.acme.Sync.merge(Sync.java:88)', true],
  ['another method', 'com.acme.Sync.split', 'com.acme.Sync.merge(Sync.java:88)', false],
  ['a module before the class', 'java.lang.Thread.run', 'java.base@17.0.2/java.lang.Thread.run(Thread.java:840)', true],
  ['a loader before the class', 'com.acme.Sync', 'app//com.acme.Sync.merge(Sync.java:88)', true],
  ['a jar behind the frame', 'com.acme.Sync', 'com.acme.Sync.merge(Sync.java:88) ~[sync-1.2.jar:?]', true],
  ['a native method', 'Unsafe.park', 'jdk.internal.misc.Unsafe.park(Native Method)', true],
  [
    'a frame of .NET',
    'VssHttpClient.Send',
    'Microsoft.VisualStudio.VssHttpClient.Send(String url) in /src/a.cs:line 12',
    true,
  ],
  ['a frame of Node', 'Agent.connect', 'Agent.connect (/srv/app/agent.js:10:3)', true],
  ['a frame without a place', 'com.acme.Sync', 'com.acme.Sync.merge', true],
  ['a glob of a package', 'com.acme.*', 'com.acme.Sync.merge(Sync.java:88)', true],
  ['a glob of methods', 'com.acme.Sync.merge*', 'com.acme.Sync.mergeAll(Sync.java:88)', true],
  ['the file is not the class', 'Sync', 'com.acme.Other.run(Sync.java:88)', false],
  ['a constructor', 'com.acme.Sync.<init>', 'com.acme.Sync.<init>(Sync.java:12)', true],
];

const TABLES: readonly (readonly [string, (name: string) => (printed: string) => boolean, readonly Case[]])[] = [
  ['logger', loggerTest, [...EVERYWHERE, ...LOGGERS]],
  ['class', classTest, [...EVERYWHERE, ...CLASSES]],
  ['frame', frameTest, FRAMES],
];

for (const [kind, toTest, cases] of TABLES) {
  for (const [name, wanted, printed, holds] of cases) {
    test(`${kind}: ${name}`, () => assert.equal(toTest(wanted)(printed), holds, `${wanted} against ${printed}`));
  }
}
