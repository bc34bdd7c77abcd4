"""What a public form may hold."""

from django import forms


class Check(forms.Form):
    """Which service, and where."""

    service = forms.SlugField(max_length=40)
    country = forms.CharField(max_length=2, required=False)
