// An argument is one that its field or directive takes.

namespace Crm.GraphQL.Validation.Rules;

static class KnownArgumentNamesRule
{
    /// <summary>The part of it that schemas are checked by.</summary>
    public const string OnDirectivesName = "KnownArgumentNamesOnDirectivesRule";

    public static void Begin(Walk walk)
    {
        OnDirectives(walk);
        walk.OnFieldArgument(given =>
        {
            if (given.Definition is null && walk.Field is not null)
                walk.Wrong($"There is no argument {given.Argument.Name} here.", given.Argument.At);
        });
    }

    public static void OnDirectives(Walk walk) =>
        walk.OnDirective(directive =>
        {
            if (directive.Arguments.Count == 0 || walk.Directive(directive.Name) is not { } known)
                return;
            foreach (var argument in directive.Arguments)
                if (!known.Takes.Contains(argument.Name))
                    walk.Wrong($"There is no argument {argument.Name} here.", argument.At);
        });
}
