// What a field or directive must be given is given.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class ProvidedRequiredArgumentsRule
{
    /// <summary>The part of it that schemas are checked by.</summary>
    public const string OnDirectivesName = "ProvidedRequiredArgumentsOnDirectivesRule";

    public static void Begin(Walk walk)
    {
        OnDirectives(walk);
        walk.OnField(field =>
        {
            if (walk.Field is not { } definition)
                return;
            foreach (var takes in definition.Takes)
                if (takes.IsRequired && !Gives(field.Arguments, takes.Name))
                    walk.Wrong("A required argument is missing.", field.At);
        });
    }

    public static void OnDirectives(Walk walk) =>
        walk.OnDirective(directive =>
        {
            if (walk.Directive(directive.Name) is not { } known)
                return;
            foreach (var needed in known.Needs)
                if (!Gives(directive.Arguments, needed))
                    walk.Wrong("A required argument is missing.", directive.At);
        });

    static bool Gives(IReadOnlyList<Argument> arguments, string name)
    {
        foreach (var argument in arguments)
            if (argument.Name == name)
                return true;
        return false;
    }
}
