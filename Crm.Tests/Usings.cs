// Names that every test uses.

global using FluentAssertions;
