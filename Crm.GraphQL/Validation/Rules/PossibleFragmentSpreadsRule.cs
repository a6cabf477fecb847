// A fragment is spread where a value can be of its type.

namespace Crm.GraphQL.Validation.Rules;

static class PossibleFragmentSpreadsRule
{
    public static void Begin(Walk walk)
    {
        walk.OnSpread(spread =>
        {
            if (
                walk.Parent is { } parent
                && walk.Document.Fragment(spread.Name) is { } fragment
                && walk.Schema!.Type(fragment.On.Name) is { IsComposite: true } on
                && !walk.Schema.Meet(on, parent)
            )
                walk.Wrong($"The fragment {spread.Name} can never apply here.", spread.At);
        });
        walk.OnInline(inline =>
        {
            if (
                inline.On is not null
                && walk.Parent is { } parent
                && walk.Schema!.Type(inline.On.Name) is { IsComposite: true } on
                && !walk.Schema.Meet(on, parent)
            )
                walk.Wrong("This fragment can never apply here.", inline.At);
        });
    }
}
