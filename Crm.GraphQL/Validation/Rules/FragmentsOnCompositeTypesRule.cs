// A fragment is on a type that has fields to select.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class FragmentsOnCompositeTypesRule
{
    public static void Begin(Walk walk)
    {
        walk.OnFragment(fragment => Check(fragment.On));
        walk.OnInline(inline =>
        {
            if (inline.On is not null)
                Check(inline.On);
        });

        void Check(NamedTypeNode on)
        {
            if (walk.Schema!.Type(on.Name) is { IsComposite: false })
                walk.Wrong($"{on.Name} is no type that a fragment can be on.", on.At);
        }
    }
}
